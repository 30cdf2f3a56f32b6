-- used by: video-release
-- parameters: video_id
-- one message for the timeline, and one that makes a task of the video's file if it was uploaded here
INSERT INTO outbox_msgs (event_id, video_id, event_type, create_time, status)
SELECT REPLACE(UUID(), '-', ''), id, 'video_published', create_time, 'pending'
FROM videos
WHERE id = :#${variable.video_id}
UNION ALL
SELECT REPLACE(UUID(), '-', ''), v.id, 'video_uploaded', v.create_time, 'pending'
FROM videos v
JOIN video_files f ON f.video_id = v.id
WHERE v.id = :#${variable.video_id}
