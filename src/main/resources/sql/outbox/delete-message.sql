-- used by: outbox-send
-- parameters: message_id
DELETE FROM outbox_msgs
WHERE id = :#${variable.message_id}
