-- A deleted comment keeps its row without its text, so that an event which is delivered again cannot bring it back.
CREATE TABLE comments (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_id   VARCHAR(64)     CHARACTER SET ascii NOT NULL COMMENT 'of the event that it came by',
  username   VARCHAR(191)    NOT NULL,
  video_id   BIGINT UNSIGNED NOT NULL,
  author_id  BIGINT UNSIGNED NOT NULL,
  content    TEXT            NOT NULL,
  created_at DATETIME(3)     NOT NULL COMMENT 'when it was accepted, UTC',
  deleted_at DATETIME(3)     NULL COMMENT 'UTC',
  CONSTRAINT uni_comments_event_id UNIQUE (event_id),
  KEY idx_comments_video_id (video_id, deleted_at, created_at, id),
  KEY idx_comments_author_id (author_id)
) DEFAULT CHARSET = utf8mb4;

-- A video is the more popular the more comments it has. A comment on a video that does not exist fails, and with it the whole statement.
DELIMITER $$

CREATE TRIGGER comments_counted_on_insert AFTER INSERT ON comments FOR EACH ROW
BEGIN
  UPDATE videos SET popularity = popularity + 1 WHERE id = NEW.video_id;
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '23000' SET MESSAGE_TEXT = 'video not found';
  END IF;
END$$

DELIMITER ;

CREATE TRIGGER comments_counted_on_delete AFTER UPDATE ON comments FOR EACH ROW
  UPDATE videos SET popularity = popularity - 1
  WHERE id = NEW.video_id AND OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL;

-- What an account has published bears its present name.
DELIMITER $$

CREATE TRIGGER accounts_renamed AFTER UPDATE ON accounts FOR EACH ROW
BEGIN
  IF NEW.username <> OLD.username THEN
    UPDATE videos SET username = NEW.username WHERE author_id = NEW.id;
    UPDATE comments SET username = NEW.username WHERE author_id = NEW.id;
  END IF;
END$$

DELIMITER ;
