-- used by: video-process-retry
-- parameters: video_id
-- a video that is ready stays so, whatever tasks come
UPDATE video_files
SET status = 'failed', status_reason = 'the file could not be read'
WHERE video_id = :#${variable.video_id} AND status = 'processing'
