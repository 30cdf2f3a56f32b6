-- used by: video-chunk-init
-- parameters: upload_id, account_id, file_hash, file_size, chunk_size, total_chunks, upload_path, url
-- what the account has begun with the same file and the same chunks goes on
INSERT INTO upload_sessions (upload_id, account_id, file_hash, file_size, chunk_size, total_chunks, upload_path, url, changed_at)
VALUES (:#${variable.upload_id}, :#${variable.account_id}, :#${variable.file_hash}, :#${variable.file_size}, :#${variable.chunk_size},
        :#${variable.total_chunks}, :#${variable.upload_path}, LEFT(:#${variable.url}, 512), UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE changed_at = VALUES(changed_at)
