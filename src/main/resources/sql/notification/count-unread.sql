-- used by: notification-unread-count
-- parameters: account_id
-- served by idx_notifications_unread
SELECT COUNT(*) AS unread FROM notifications WHERE recipient_id = :#${variable.account_id} AND is_read = FALSE
