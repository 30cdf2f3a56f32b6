-- used by: notification-mark-read
-- parameters: account_id, notification_id (0 or null for all)
UPDATE notifications SET is_read = TRUE
WHERE recipient_id = :#${variable.account_id} AND is_read = FALSE
  AND COALESCE(NULLIF(:#${variable.notification_id}, 0), id) = id
