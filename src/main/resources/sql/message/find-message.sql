-- used by: message-send
-- parameters: message_id
SELECT m.id, m.from_id, m.to_id, m.content, m.is_read, DATE_FORMAT(m.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at
FROM messages m
WHERE m.id = :#${variable.message_id}
