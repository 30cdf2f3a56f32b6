-- used by: message-store
-- parameters: account_id (the sender), to_id, content
-- a message to oneself is read already
INSERT INTO messages (from_id, to_id, content, is_read, created_at)
VALUES (:#${variable.account_id}, :#${variable.to_id}, :#${variable.content}, :#${variable.account_id} = :#${variable.to_id}, UTC_TIMESTAMP(3))
