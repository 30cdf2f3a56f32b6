-- used by: account-rename
-- parameters: account_id
-- the newest thousand, served by idx_videos_author_id alone; older ones are in no cache for long
SELECT id AS video_id
FROM videos
WHERE author_id = :#${variable.account_id}
ORDER BY create_time DESC, id DESC
LIMIT 1000
