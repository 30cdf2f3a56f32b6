-- What was received, before anybody could change it.
CREATE TABLE uploads (
  file_name  VARCHAR(255)    CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY COMMENT 'below the uploads directory',
  account_id BIGINT UNSIGNED NOT NULL,
  url        VARCHAR(255)    NOT NULL COMMENT 'as the uploader was told, or as much of it as a play_url can be long',
  size       BIGINT          NOT NULL COMMENT 'bytes',
  sha256     CHAR(64)        CHARACTER SET ascii NOT NULL,
  created_at DATETIME(3)     NOT NULL COMMENT 'UTC'
) DEFAULT CHARSET = utf8mb4;

-- What processing found in the file of a video. A video without a row plays from elsewhere. Not in videos: every like of a video locks its row there.
CREATE TABLE video_files (
  video_id      BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  file_name     VARCHAR(255)    CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  status        VARCHAR(10)     CHARACTER SET ascii NOT NULL DEFAULT 'processing' COMMENT 'processing, ready or failed',
  status_reason VARCHAR(255)    NULL COMMENT 'why it failed, for its author',
  progress      TINYINT         NOT NULL DEFAULT 0 COMMENT 'percent: 0 waits, 50 the file is the one that was uploaded, 100 done',
  duration      DOUBLE          NULL COMMENT 'seconds',
  width         INT             NULL,
  height        INT             NULL,
  codec         CHAR(4)         CHARACTER SET ascii NULL COMMENT 'such as avc1 or hvc1'
) DEFAULT CHARSET = utf8mb4;
