-- used by: timeline-repair
-- as many as the timeline keeps, served by idx_videos_create_time alone; create_time in milliseconds since 1970
SELECT id AS video_id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', create_time) DIV 1000 AS create_time
FROM videos
ORDER BY videos.create_time DESC
LIMIT 1000
