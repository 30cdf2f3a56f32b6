-- used by: notification-list
-- parameters: account_id
-- newest first, served by idx_notifications_recipient_id; those of messages until they are read
SELECT n.id, n.recipient_id, n.sender_id, n.type, n.target_id, n.content, n.is_read,
       DATE_FORMAT(n.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at
FROM notifications n
WHERE n.recipient_id = :#${variable.account_id} AND (n.type <> 'message' OR n.is_read = FALSE)
ORDER BY n.id DESC
LIMIT 50
