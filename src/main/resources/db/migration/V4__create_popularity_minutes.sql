-- Every popularity change that was counted, once each: a redelivered event finds its id here.
CREATE TABLE popularity_events (
  event_id   VARCHAR(64)     CHARACTER SET ascii NOT NULL PRIMARY KEY,
  video_id   BIGINT UNSIGNED NOT NULL,
  minute     DATETIME        NOT NULL COMMENT 'of occurred_at, UTC',
  amount     INT             NOT NULL,
  counted_at DATETIME(3)     NOT NULL COMMENT 'UTC',
  KEY idx_popularity_events_counted_at (counted_at)
);

-- What the hot score in Redis is a projection of. The revision grows with every change, so that an older score never replaces a newer one.
CREATE TABLE popularity_minutes (
  minute     DATETIME        NOT NULL,
  video_id   BIGINT UNSIGNED NOT NULL,
  score      BIGINT          NOT NULL,
  revision   BIGINT          NOT NULL,
  changed_at DATETIME(3)     NOT NULL COMMENT 'UTC',
  PRIMARY KEY (minute, video_id),
  KEY idx_popularity_minutes_changed_at (changed_at)
);

-- A change of a video that does not exist fails, and with it the whole statement.
DELIMITER $$

CREATE TRIGGER popularity_events_of_videos AFTER INSERT ON popularity_events FOR EACH ROW
BEGIN
  IF NOT EXISTS (SELECT 1 FROM videos WHERE id = NEW.video_id) THEN
    SIGNAL SQLSTATE '23000' SET MESSAGE_TEXT = 'video not found';
  END IF;
END$$

DELIMITER ;

CREATE TRIGGER popularity_events_summed AFTER INSERT ON popularity_events FOR EACH ROW
  INSERT INTO popularity_minutes (minute, video_id, score, revision, changed_at)
  VALUES (NEW.minute, NEW.video_id, NEW.amount, 1, NEW.counted_at)
  ON DUPLICATE KEY UPDATE score = score + NEW.amount, revision = revision + 1, changed_at = NEW.counted_at;
