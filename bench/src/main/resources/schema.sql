-- The tables that the peers write: the columns and keys of the wire contract.
CREATE TABLE IF NOT EXISTS accounts (
  id       BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username VARCHAR(191) NULL,
  password LONGTEXT NULL,
  token    VARCHAR(64) CHARACTER SET ascii NOT NULL,
  UNIQUE KEY uni_accounts_username (username)
);

CREATE TABLE IF NOT EXISTS videos (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  author_id   BIGINT UNSIGNED NOT NULL,
  username    VARCHAR(255) NOT NULL,
  title       VARCHAR(255) NOT NULL,
  description VARCHAR(255) NULL,
  play_url    VARCHAR(255) NOT NULL,
  cover_url   VARCHAR(255) NOT NULL,
  create_time DATETIME(3) NULL,
  likes_count BIGINT NOT NULL DEFAULT 0,
  popularity  BIGINT NOT NULL DEFAULT 0,
  KEY idx_videos_author_id (author_id),
  KEY idx_videos_create_time (create_time),
  KEY idx_videos_likes_count_id (likes_count),
  KEY idx_videos_popularity_time_id (popularity, create_time)
);

CREATE TABLE IF NOT EXISTS likes (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  video_id   BIGINT UNSIGNED NOT NULL,
  account_id BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NULL,
  UNIQUE KEY idx_like_video_account (video_id, account_id)
);
