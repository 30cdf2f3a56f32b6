-- Well-formed events that can have no effect, such as a like of a video that does not exist.
CREATE TABLE rejected_events (
  event_id    VARCHAR(64)  CHARACTER SET ascii NOT NULL,
  queue       VARCHAR(100) NOT NULL COMMENT 'where it came from',
  reason      VARCHAR(500) NOT NULL,
  event       TEXT         NOT NULL,
  rejected_at DATETIME(3)  NOT NULL COMMENT 'UTC',
  PRIMARY KEY (event_id, queue)
) DEFAULT CHARSET = utf8mb4;
