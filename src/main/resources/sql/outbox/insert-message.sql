-- used by: video-store
-- parameters: video_id
INSERT INTO outbox_msgs (event_id, video_id, event_type, create_time, status)
SELECT REPLACE(UUID(), '-', ''), id, 'video_published', create_time, 'pending'
FROM videos
WHERE id = :#${variable.video_id}
