-- used by: video-chunk-merge, video-chunk-store
-- parameters: upload_id
-- the row is locked until the transaction ends, so that its files are changed by one request at a time
UPDATE upload_sessions SET changed_at = UTC_TIMESTAMP(3) WHERE upload_id = :#${variable.upload_id}
