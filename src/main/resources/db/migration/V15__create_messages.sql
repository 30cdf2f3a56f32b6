CREATE TABLE messages (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  from_id    BIGINT UNSIGNED NOT NULL,
  to_id      BIGINT UNSIGNED NOT NULL,
  content    TEXT            NOT NULL,
  is_read    BOOLEAN         NOT NULL DEFAULT FALSE COMMENT 'by the recipient',
  created_at DATETIME(3)     NOT NULL COMMENT 'UTC',
  KEY idx_messages_from (from_id, to_id, id),
  KEY idx_messages_unread (to_id, is_read, from_id)
) DEFAULT CHARSET = utf8mb4;

-- With whom an account has written, or has been written to.
CREATE TABLE conversations (
  account_id BIGINT UNSIGNED NOT NULL,
  peer_id    BIGINT UNSIGNED NOT NULL,
  last_id    BIGINT UNSIGNED NOT NULL COMMENT 'the last message of either',
  PRIMARY KEY (account_id, peer_id),
  KEY idx_conversations_last (account_id, last_id)
);

-- In the same order whoever writes, so that two who write to each other do not wait for each other in turn.
CREATE TRIGGER messages_in_conversations AFTER INSERT ON messages FOR EACH ROW
  INSERT INTO conversations (account_id, peer_id, last_id)
  VALUES (LEAST(NEW.from_id, NEW.to_id), GREATEST(NEW.from_id, NEW.to_id), NEW.id),
         (GREATEST(NEW.from_id, NEW.to_id), LEAST(NEW.from_id, NEW.to_id), NEW.id)
  ON DUPLICATE KEY UPDATE last_id = GREATEST(conversations.last_id, NEW.id);

-- A message is notified, too, and the outbox has what is to be told of it.
ALTER TABLE outbox_msgs
  MODIFY video_id    BIGINT UNSIGNED NULL,
  MODIFY create_time DATETIME(3)     NOT NULL COMMENT 'of the video or the notification, UTC';

ALTER TABLE notifications
  MODIFY type      VARCHAR(50)     NOT NULL COMMENT 'like, comment, follow, mention, digest or message',
  MODIFY target_id BIGINT UNSIGNED NULL COMMENT 'the video; of a follow, the follower; of a message, the message';
