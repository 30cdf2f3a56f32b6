-- used by: outbox-publish
-- parameters: message_id
DELETE FROM outbox_msgs
WHERE id = :#${variable.message_id}
