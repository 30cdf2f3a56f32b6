CREATE TABLE videos (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  author_id   BIGINT UNSIGNED NOT NULL,
  username    VARCHAR(255)    NOT NULL COMMENT 'the name of the author when the video was published',
  title       VARCHAR(255)    NOT NULL,
  description VARCHAR(255)    NULL,
  play_url    VARCHAR(255)    NOT NULL,
  cover_url   VARCHAR(255)    NOT NULL,
  create_time DATETIME(3)     NULL COMMENT 'UTC',
  likes_count BIGINT          NOT NULL DEFAULT 0,
  popularity  BIGINT          NOT NULL DEFAULT 0,
  KEY idx_videos_author_id (author_id, create_time DESC, id DESC),
  KEY idx_videos_create_time (create_time DESC, id DESC),
  KEY idx_videos_likes_count_id (likes_count DESC, id DESC),
  KEY idx_videos_popularity_time_id (popularity DESC, create_time DESC, id DESC)
) DEFAULT CHARSET = utf8mb4;
