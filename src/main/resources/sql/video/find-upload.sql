-- used by: video-process-apply-events
-- parameters: video_id, file_name
-- a file that another system has stored has no size and checksum here
SELECT v.id AS video_id, u.size, u.sha256
FROM videos v
LEFT JOIN uploads u ON u.file_name = :#${variable.file_name}
WHERE v.id = :#${variable.video_id}
