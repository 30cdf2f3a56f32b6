-- Well-formed events that could have no effect, such as a like of a video that does not exist.
CREATE TABLE rejected_events (
  event_id    VARCHAR(64)  CHARACTER SET ascii NOT NULL,
  route       VARCHAR(100) NOT NULL COMMENT 'the route that had it',
  reason      VARCHAR(100) NOT NULL,
  event       TEXT         NOT NULL,
  rejected_at DATETIME(3)  NOT NULL COMMENT 'UTC',
  PRIMARY KEY (event_id, route)
) DEFAULT CHARSET = utf8mb4;
