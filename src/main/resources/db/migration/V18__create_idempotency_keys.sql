-- What a request with an Idempotency-Key was answered. The row comes with the effect of the request, in its transaction: a request that breaks off leaves none.
CREATE TABLE idempotency_keys (
  id           CHAR(32)       CHARACTER SET ascii NOT NULL PRIMARY KEY COMMENT 'of caller, operation and key; the id of the event that the request makes',
  request_hash BINARY(32)     NOT NULL COMMENT 'with the key, which is not stored: a request may have a password',
  status       SMALLINT       COMMENT 'none while the request runs, when nobody else reads the row',
  content_type VARCHAR(100)   CHARACTER SET ascii,
  event_id     VARCHAR(64)    CHARACTER SET ascii COMMENT 'as the answer says it',
  answer       MEDIUMBLOB     COMMENT 'encrypted with the key: it may have a token',
  created_at   DATETIME(3)    NOT NULL COMMENT 'UTC',
  KEY idx_idempotency_keys_created_at (created_at)
);
