-- used by: dead-letter-store
-- parameters: queue, message_id, parked_at (RFC 3339 in UTC, or none), attempts, error_class, error_message, reason (of the broker, when a route has not said
-- why), origin_exchange, origin_routing_key, content_type, body (as it came)
-- idempotent by (queue, message_id, parked_at). Headers that others have made up are cut or left out, so that none keeps its message in the queue.
INSERT IGNORE INTO dead_letters (queue, message_id, parked_at, times_parked, attempts, cause, error_class, error_message, origin_exchange,
                                 origin_routing_key, content_type, body, changed_at)
SELECT :#${variable.queue}, :#${variable.message_id},
       COALESCE(IF(letter.parked_at LIKE '____-__-__T__:__:__.___Z', CAST(LEFT(letter.parked_at, 23) AS DATETIME(3)), NULL), UTC_TIMESTAMP(3)),
       (SELECT COUNT(*) + 1 FROM dead_letters d WHERE d.queue = :#${variable.queue} AND d.message_id = :#${variable.message_id}),
       letter.attempts,
       CONCAT(:#${variable.queue}, ':', LEFT(SHA2(REGEXP_REPLACE(letter.error_message, '[0-9A-Za-z]*[0-9][0-9A-Za-z]*', ''), 256), 8)),
       letter.error_class, letter.error_message, letter.origin_exchange, letter.origin_routing_key, letter.content_type, letter.body, UTC_TIMESTAMP(3)
FROM (SELECT :#${variable.parked_at} AS parked_at, :#${variable.attempts} AS attempts, :#${variable.error_class} AS error_class,
             COALESCE(:#${variable.error_message}, :#${variable.reason}, 'nobody has said why') AS error_message,
             :#${variable.origin_exchange} AS origin_exchange, :#${variable.origin_routing_key} AS origin_routing_key,
             :#${variable.content_type} AS content_type, :#${body} AS body) AS letter
