-- One row for each event and recipient: an event that is delivered again finds its row here.
CREATE TABLE notifications (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_id     VARCHAR(64)     CHARACTER SET ascii NOT NULL,
  recipient_id BIGINT UNSIGNED NOT NULL,
  sender_id    BIGINT UNSIGNED NOT NULL,
  type         VARCHAR(50)     NOT NULL COMMENT 'like, comment, follow, mention or digest',
  target_id    BIGINT UNSIGNED NULL COMMENT 'the video; of a follow, the follower',
  content      VARCHAR(255)    NULL,
  is_read      BOOLEAN         NOT NULL DEFAULT FALSE,
  created_at   DATETIME(3)     NOT NULL COMMENT 'when it happened, UTC',
  CONSTRAINT uni_notifications_event UNIQUE (event_id, recipient_id, type),
  KEY idx_notifications_recipient_id (recipient_id, id),
  KEY idx_notifications_unread (recipient_id, is_read),
  KEY idx_notifications_target (target_id, type, created_at)
) DEFAULT CHARSET = utf8mb4;
