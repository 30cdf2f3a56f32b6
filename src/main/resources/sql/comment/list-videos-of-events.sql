-- used by: comment-apply-events
-- parameters: body (JSON array of comment events)
-- a deletion does not say on which video the comment was
SELECT DISTINCT COALESCE(e.video_id, c.video_id) AS video_id
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
       video_id   BIGINT UNSIGNED PATH '$.video_id',
       comment_id BIGINT UNSIGNED PATH '$.comment_id')) AS e
LEFT JOIN comments c ON c.id = e.comment_id
WHERE e.video_id IS NOT NULL OR c.video_id IS NOT NULL
