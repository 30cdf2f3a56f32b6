-- used by: video-chunk-find
-- parameters: upload_id, account_id (who asks), chunk_index (of the chunk that it is about, or none)
SELECT upload_id, account_id = :#${variable.account_id} AS is_own, file_hash, file_size, chunk_size, total_chunks,
       LEAST(chunk_size, file_size - chunk_size * :#${variable.chunk_index}) AS due_size,
       upload_path, url, CONCAT('/chunks/', upload_id) AS chunks_path
FROM upload_sessions
WHERE upload_id = :#${variable.upload_id}
