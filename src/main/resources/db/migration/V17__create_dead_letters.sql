-- What operators have taken from the dead-letter queues to work with. The broker has forgotten it: until it is replayed, this is the only copy.
CREATE TABLE dead_letters (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  queue              VARCHAR(100)    NOT NULL COMMENT 'whose consumer could not apply it',
  message_id         VARCHAR(255)    COLLATE utf8mb4_bin NOT NULL,
  parked_at          DATETIME(3)     NOT NULL COMMENT 'UTC; if the broker itself has moved it, when it was taken from there',
  times_parked       INT             NOT NULL COMMENT 'how often a message of this id was taken from there until now',
  attempts           VARCHAR(10)     NULL COMMENT 'in vain, since it was sent to its queue',
  cause              VARCHAR(150)    NOT NULL COMMENT 'the queue, and a digest of the error without the words that have digits',
  error_class        VARCHAR(255)    NULL,
  error_message      VARCHAR(500)    NOT NULL,
  origin_exchange    VARCHAR(255)    NULL,
  origin_routing_key VARCHAR(255)    NULL,
  content_type       VARCHAR(255)    NULL,
  body               LONGBLOB        NOT NULL,
  state              VARCHAR(10)     NOT NULL DEFAULT 'new' COMMENT 'new, replayed or discarded',
  operation          BIGINT UNSIGNED NULL COMMENT 'that has ended it',
  changed_at         DATETIME(3)     NOT NULL COMMENT 'UTC',
  CONSTRAINT uni_dead_letters_message UNIQUE (queue, message_id, parked_at),
  KEY idx_dead_letters_state (state, id),
  KEY idx_dead_letters_queue (state, queue),
  KEY idx_dead_letters_cause (cause, state, id),
  KEY idx_dead_letters_changed_at (state, changed_at)
) DEFAULT CHARSET = utf8mb4;

-- Who has had which of them replayed or discarded, and when.
CREATE TABLE dead_letter_operations (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  operator     VARCHAR(100)    NOT NULL,
  action       VARCHAR(10)     NOT NULL COMMENT 'replay or discard',
  selection    VARCHAR(150)    NOT NULL COMMENT 'the id of a dead letter, a cause, or all',
  until        DATETIME(3)     NULL COMMENT 'parked no later than this, UTC',
  last_id      BIGINT UNSIGNED NOT NULL COMMENT 'of the dead letters that were there: none that comes later is meant',
  done         INT             NOT NULL DEFAULT 0 COMMENT 'dead letters that it has ended',
  requested_at DATETIME(3)     NOT NULL COMMENT 'UTC',
  continues_at DATETIME(3)     NOT NULL COMMENT 'no node goes on before, UTC',
  ended_at     DATETIME(3)     NULL COMMENT 'UTC',
  cancelled_by VARCHAR(100)    NULL COMMENT 'who has ended it before all was done',
  KEY idx_dead_letter_operations_ended_at (ended_at, id)
) DEFAULT CHARSET = utf8mb4;

CREATE VIEW dead_letters_of_operations AS
SELECT o.id AS of_operation, d.*
FROM dead_letter_operations o
JOIN dead_letters d ON d.state = 'new' AND d.id <= o.last_id AND (o.until IS NULL OR d.parked_at <= o.until)
                   AND (o.selection = 'all' OR o.selection = d.cause OR o.selection = CONCAT(d.id));
