-- used by: message-store
-- parameters: message_id
-- the notification of a message, if it has one
INSERT INTO outbox_msgs (event_id, event_type, create_time, status)
SELECT n.event_id, 'message_sent', n.created_at, 'pending'
FROM notifications n
WHERE n.event_id = CONCAT('message-', :#${variable.message_id})
