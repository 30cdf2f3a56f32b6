-- used by: idempotency-run
-- parameters: event_id (of caller, operation and key), request_content, idempotency_key
-- inserts nothing when the request was answered before. While it runs, its row is locked, and nobody waits for it; MySQL waits for three seconds.
/*M! SET STATEMENT innodb_lock_wait_timeout = 0 FOR */
INSERT IGNORE INTO idempotency_keys (id, request_hash, created_at)
VALUES (:#${variable.event_id}, UNHEX(SHA2(CONCAT(:#${variable.idempotency_key}, :#${variable.request_content}), 256)), UTC_TIMESTAMP(3))
