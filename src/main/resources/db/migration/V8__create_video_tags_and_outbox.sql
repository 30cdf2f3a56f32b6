-- Names that differ in case or accents only are one tag, the same on MariaDB and MySQL.
CREATE TABLE tags (
  id   BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(100)    NOT NULL,
  CONSTRAINT idx_tags_name UNIQUE (name)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_unicode_520_ci;

CREATE TABLE video_tags (
  video_id BIGINT UNSIGNED NOT NULL,
  tag_id   BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (tag_id, video_id)
);

-- What the timeline has not been told yet. A row goes when the broker has confirmed its event.
CREATE TABLE outbox_msgs (
  id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_id    VARCHAR(64)     CHARACTER SET ascii NOT NULL,
  video_id    BIGINT UNSIGNED NOT NULL,
  event_type  VARCHAR(50)     NOT NULL,
  create_time DATETIME(3)     NOT NULL COMMENT 'of the video, UTC',
  status      VARCHAR(50)     NOT NULL,
  KEY idx_outbox_msgs_video_id (video_id),
  KEY idx_outbox_msgs_status (status, id)
) DEFAULT CHARSET = utf8mb4;
