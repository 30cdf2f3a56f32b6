-- used by: post-apply-events, post-store
-- parameters: body (JSON array of posts), message_ids (JSON array of their message ids, in the same order)
-- idempotent by message id
INSERT INTO posts (event_id, title, content, created_at)
SELECT m.id, p.title, p.content, UTC_TIMESTAMP(3)
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
       place   FOR ORDINALITY,
       title   MEDIUMTEXT   CHARACTER SET utf8mb4 PATH '$.title',
       content MEDIUMTEXT   CHARACTER SET utf8mb4 PATH '$.content')) AS p
JOIN JSON_TABLE(:#${variable.message_ids}, '$[*]' COLUMNS (
       place   FOR ORDINALITY,
       id      VARCHAR(255) CHARACTER SET utf8mb4 PATH '$')) AS m ON m.place = p.place
ORDER BY p.place
ON DUPLICATE KEY UPDATE event_id = posts.event_id
