-- used by: video-get-detail, video-publish
-- parameters: video_id
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       DATE_FORMAT(v.create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS create_time, v.likes_count, v.popularity,
       COALESCE(f.status, 'ready') AS status, f.status_reason, IF(f.status = 'processing', f.progress, NULL) AS progress,
       f.duration, f.width, f.height, f.codec
FROM videos v
LEFT JOIN video_files f ON f.video_id = v.id
WHERE v.id = :#${variable.video_id}
