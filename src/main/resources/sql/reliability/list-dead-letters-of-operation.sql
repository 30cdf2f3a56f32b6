-- used by: dead-letter-send
-- parameters: operation
-- the next fifty, each with where a replay sends it: to its queue, or where it was to go after its delay
SELECT id AS letter, IF(queue = 'delay.due', origin_exchange, 'default') AS exchange, IF(queue = 'delay.due', origin_routing_key, queue) AS routing_key,
       message_id, content_type, body AS content
FROM dead_letters_of_operations
WHERE of_operation = :#${variable.operation}
ORDER BY id
LIMIT 50
