-- used by: video-chunk-merge
-- parameters: upload_id
UPDATE upload_sessions SET file_hash = NULL WHERE upload_id = :#${variable.upload_id}
