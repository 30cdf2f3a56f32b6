-- used by: video-accept, video-read
-- parameters: video_id
SELECT id, author_id, username, title, NULLIF(description, '') AS description, play_url, cover_url,
       DATE_FORMAT(create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS create_time, likes_count, popularity
FROM videos
WHERE id = :#${variable.video_id}
