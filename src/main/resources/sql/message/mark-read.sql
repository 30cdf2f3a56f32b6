-- used by: message-list
-- parameters: account_id, peer_id, before_id (the oldest message of the page before, 0 for the first page)
-- what the account has received from the other, up to the page that it reads, with the notifications of it; served by idx_messages_unread
UPDATE messages m
LEFT JOIN notifications n ON n.event_id = CONCAT('message-', m.id) AND n.recipient_id = m.to_id AND n.type = 'message'
SET m.is_read = TRUE, n.is_read = TRUE
WHERE m.to_id = :#${variable.account_id} AND m.is_read = FALSE AND m.from_id = :#${variable.peer_id}
  AND (:#${variable.before_id} = 0 OR m.id < :#${variable.before_id})
