-- used by: video-process-apply-events
-- parameters: video_id, and what is in the file: duration, width, height, codec, or only the reason why it cannot be used
UPDATE video_files
SET status_reason = :#${body[reason]},
    status        = IF(status_reason IS NULL, 'ready', 'failed'),
    progress      = 100,
    duration      = :#${body[duration]},
    width         = :#${body[width]},
    height        = :#${body[height]},
    codec         = :#${body[codec]}
WHERE video_id = :#${variable.video_id}
