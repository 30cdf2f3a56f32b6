-- used by: video-process-apply-events
-- parameters: video_id, file_name
-- a task that comes again leaves a video ready; the row is only missing when another system has made the task
INSERT INTO video_files (video_id, file_name)
VALUES (:#${variable.video_id}, :#${variable.file_name})
ON DUPLICATE KEY UPDATE
  status        = IF(status = 'ready' AND file_name = VALUES(file_name), 'ready', 'processing'),
  status_reason = NULL,
  progress      = 0,
  file_name     = VALUES(file_name)
