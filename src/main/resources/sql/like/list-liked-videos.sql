-- used by: like-list-my-liked-videos
-- parameters: account_id
-- newest like first, served by idx_like_states_account
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       DATE_FORMAT(v.create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS create_time, v.likes_count, v.popularity
FROM like_states s
JOIN videos v ON v.id = s.video_id
WHERE s.account_id = :#${variable.account_id} AND s.liked = 1
ORDER BY s.changed_at DESC, s.video_id DESC
LIMIT 200
