-- The last accepted operation of each (video, account) pair. An unliked pair keeps its row, so that a like which is
-- delivered late cannot come back; `likes` shows the pairs that are liked now.
CREATE TABLE like_states (
  video_id   BIGINT UNSIGNED NOT NULL,
  account_id BIGINT UNSIGNED NOT NULL,
  liked      TINYINT         NOT NULL,
  changed_at DATETIME(6)     NOT NULL COMMENT 'when the operation was accepted, UTC; the later one wins',
  PRIMARY KEY (video_id, account_id),
  KEY idx_like_states_account (account_id, liked, changed_at DESC, video_id DESC)
);

CREATE VIEW likes AS
SELECT video_id, account_id, changed_at AS created_at FROM like_states WHERE liked = 1;

-- The counters of a video move in the statement that changes a pair, by what really changed: nothing can make them drift.
-- A like of a video that does not exist fails, and with it the whole statement.
DELIMITER $$

CREATE TRIGGER like_states_counted_on_insert AFTER INSERT ON like_states FOR EACH ROW
BEGIN
  IF NEW.liked = 1 THEN
    UPDATE videos SET likes_count = likes_count + 1, popularity = popularity + 1 WHERE id = NEW.video_id;
    IF ROW_COUNT() = 0 THEN
      SIGNAL SQLSTATE '23000' SET MESSAGE_TEXT = 'video not found';
    END IF;
  END IF;
END$$

DELIMITER ;

CREATE TRIGGER like_states_counted_on_update AFTER UPDATE ON like_states FOR EACH ROW
  UPDATE videos SET likes_count = likes_count + NEW.liked - OLD.liked, popularity = popularity + NEW.liked - OLD.liked
  WHERE id = NEW.video_id AND NEW.liked <> OLD.liked;
