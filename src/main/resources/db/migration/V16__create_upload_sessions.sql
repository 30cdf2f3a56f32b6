-- Videos that are uploaded in chunks. Each chunk is a file, chunks/<upload_id>/<index> below the uploads directory, and has arrived when it is there whole.
CREATE TABLE upload_sessions (
  upload_id    CHAR(36)        CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  account_id   BIGINT UNSIGNED NOT NULL,
  file_hash    CHAR(32)        CHARACTER SET ascii NULL COMMENT 'MD5, hexadecimal; NULL when the file is complete, so that nobody resumes it',
  file_size    BIGINT          NOT NULL COMMENT 'bytes',
  chunk_size   BIGINT          NOT NULL COMMENT 'bytes; the last chunk has what remains',
  total_chunks INT             NOT NULL,
  upload_path  VARCHAR(255)    CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'where the file is served when it is complete',
  url          VARCHAR(512)    NOT NULL COMMENT 'as the uploader is told',
  changed_at   DATETIME(3)     NOT NULL COMMENT 'when it was begun or resumed, when a chunk came last, or when it was completed, UTC',
  CONSTRAINT uni_upload_sessions_resume UNIQUE (account_id, file_hash, file_size, chunk_size),
  KEY idx_upload_sessions_changed_at (changed_at)
) DEFAULT CHARSET = utf8mb4;
