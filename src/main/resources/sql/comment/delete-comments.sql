-- used by: comment-store
-- parameters: body (JSON array of comment events)
-- idempotent: a comment is deleted once, and only by its author; an event of the Go system does not say who deletes, for there it has been checked
UPDATE comments c
JOIN (SELECT event.comment_id, event.author_id
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
             action     VARCHAR(10)     PATH '$.action',
             comment_id BIGINT UNSIGNED PATH '$.comment_id',
             author_id  BIGINT UNSIGNED PATH '$.author_id')) AS event
      WHERE event.action = 'delete') AS e ON e.comment_id = c.id
SET c.content = '', c.deleted_at = UTC_TIMESTAMP(3)
WHERE c.deleted_at IS NULL AND COALESCE(e.author_id, c.author_id) = c.author_id
