CREATE TABLE posts (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_id   VARCHAR(255)    COLLATE utf8mb4_bin NOT NULL COMMENT 'the message id; without one, the SHA-256 of title and content',
  title      VARCHAR(255)    NOT NULL,
  content    MEDIUMTEXT      NOT NULL,
  created_at DATETIME(3)     NOT NULL COMMENT 'when it was stored, UTC',
  CONSTRAINT uni_posts_event_id UNIQUE (event_id)
) DEFAULT CHARSET = utf8mb4;

-- What is to be published later, and what became of it. The broker keeps the time: it brings the id when it has come.
CREATE TABLE publications (
  id         VARCHAR(36)     COLLATE utf8mb4_bin NOT NULL PRIMARY KEY COMMENT 'random: who knows that of a post may cancel it',
  kind       VARCHAR(10)     NOT NULL COMMENT 'post or video',
  account_id BIGINT UNSIGNED NOT NULL COMMENT '0 for a post',
  publish_at DATETIME(3)     NOT NULL COMMENT 'UTC',
  payload    MEDIUMTEXT      NOT NULL COMMENT 'the request, JSON',
  state      VARCHAR(10)     NOT NULL COMMENT 'scheduled, published or cancelled',
  KEY idx_publications_state (state, publish_at)
) DEFAULT CHARSET = utf8mb4;
