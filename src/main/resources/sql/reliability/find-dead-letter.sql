-- used by: dead-letter-show
-- parameters: selection (the id)
-- with its body as text, and in base64 when it is no text; and who has ended it, if somebody has
SELECT d.id, d.queue, d.message_id, d.cause, d.error_class, d.error_message, d.attempts, d.times_parked, d.origin_exchange, d.origin_routing_key,
       CONCAT(LEFT(DATE_FORMAT(d.parked_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS parked_at,
       d.content_type, d.state, d.operation, o.operator,
       CONCAT(LEFT(DATE_FORMAT(d.changed_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS changed_at,
       CONVERT(d.body USING utf8mb4) AS body,
       IF(CONVERT(CONVERT(d.body USING utf8mb4) USING binary) = d.body, NULL, REPLACE(TO_BASE64(d.body), '\n', '')) AS body_base64
FROM dead_letters d
LEFT JOIN dead_letter_operations o ON o.id = d.operation
WHERE d.id = :#${variable.selection}
