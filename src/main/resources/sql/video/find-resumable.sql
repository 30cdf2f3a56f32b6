-- used by: video-chunk-init
-- parameters: account_id, file_hash, file_size, chunk_size
SELECT upload_id, CONCAT('/chunks/', upload_id) AS chunks_path
FROM upload_sessions
WHERE account_id = :#${variable.account_id} AND file_hash = :#${variable.file_hash}
  AND file_size = :#${variable.file_size} AND chunk_size = :#${variable.chunk_size}
