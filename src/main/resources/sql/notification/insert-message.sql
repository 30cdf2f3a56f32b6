-- used by: message-store
-- parameters: message_id
-- what is told of a message is not what it says; of a message to oneself no row
INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, content, created_at)
SELECT CONCAT('message-', m.id), m.to_id, m.from_id, 'message', m.id, '给你发了一条私信', m.created_at
FROM messages m
WHERE m.id = :#${variable.message_id} AND m.to_id <> m.from_id
