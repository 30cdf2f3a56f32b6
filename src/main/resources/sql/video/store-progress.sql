-- used by: video-process-apply-events
-- parameters: video_id
-- half of the work: the whole file was read once
UPDATE video_files
SET progress = 50
WHERE video_id = :#${variable.video_id}
