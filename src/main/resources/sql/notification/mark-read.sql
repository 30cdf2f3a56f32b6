-- used by: notification-mark-read
-- parameters: account_id, body (the request: id, 0 or none for all)
UPDATE notifications SET is_read = TRUE
WHERE recipient_id = :#${variable.account_id} AND is_read = FALSE
  AND COALESCE(NULLIF(:#${body[id]}, 0), id) = id
