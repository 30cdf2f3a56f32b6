-- used by: dead-letter-send
-- parameters: operation
-- the next fifty
SELECT id AS letter, queue, message_id, content_type, body AS content
FROM dead_letters_of_operations
WHERE of_operation = :#${variable.operation}
ORDER BY id
LIMIT 50
