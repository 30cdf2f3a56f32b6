-- used by: video-list-by-author-id
-- parameters: author_id
-- newest first, served by idx_videos_author_id
SELECT id, author_id, username, title, NULLIF(description, '') AS description, play_url, cover_url,
       DATE_FORMAT(create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS create_time, likes_count, popularity
FROM videos
WHERE author_id = :#${variable.author_id}
ORDER BY videos.create_time DESC, id DESC
LIMIT 200
