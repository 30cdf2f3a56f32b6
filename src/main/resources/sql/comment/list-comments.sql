-- used by: comment-list-all
-- parameters: video_id, after_id (the last comment of the page before, 0 for the first page)
-- oldest first, served by idx_comments_video_id; comments of the same millisecond in the order of their ids
SELECT c.id, c.username, c.video_id, c.author_id, c.content, DATE_FORMAT(c.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at, c.event_id
FROM comments c
LEFT JOIN comments previous ON previous.id = :#${variable.after_id}
WHERE c.video_id = :#${variable.video_id} AND c.deleted_at IS NULL
  AND (:#${variable.after_id} = 0 OR c.created_at > previous.created_at OR c.created_at = previous.created_at AND c.id > previous.id)
ORDER BY c.created_at, c.id
LIMIT 200
