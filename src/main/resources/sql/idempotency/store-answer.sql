-- used by: idempotency-run
-- parameters: event_id (of caller, operation and key), idempotency_key, status, content_type, answered_event_id (each of these or none), body (the answer)
UPDATE idempotency_keys
SET status = COALESCE(:#${variable.status}, 200),
    content_type = :#${variable.content_type},
    event_id = :#${variable.answered_event_id},
    answer = AES_ENCRYPT(:#${bodyAs(String)}, UNHEX(SHA2(:#${variable.idempotency_key}, 256)))
WHERE id = :#${variable.event_id}
