-- used by: idempotency-run
-- parameters: event_id (of caller, operation and key), request_content, idempotency_key
SELECT request_hash = UNHEX(SHA2(CONCAT(:#${variable.idempotency_key}, :#${variable.request_content}), 256)) AS same_request, status, content_type, event_id,
       CONVERT(AES_DECRYPT(answer, UNHEX(SHA2(:#${variable.idempotency_key}, 256))) USING utf8mb4) AS answer
FROM idempotency_keys
WHERE id = :#${variable.event_id}
