-- used by: comment-store
-- parameters: body (JSON array of comment events)
-- idempotent by event_id, also for a comment that has been deleted since. An event that claims to be from the future, or the id of another comment, fails the
-- statement with its NULL.
-- A comment bears the present name of its author, and has no white space around it. Its id was given when it was accepted; the Go system gives none.
INSERT INTO comments (id, event_id, username, video_id, author_id, content, created_at)
SELECT COALESCE(e.comment_id, UUID_SHORT() & 9007199254740991), e.event_id, COALESCE(a.username, e.username, ''), e.video_id, e.author_id,
       REGEXP_SUBSTR(e.content, '(?s)[^\\t-\\r\\p{Z}](.*[^\\t-\\r\\p{Z}])?'),
       IF(e.occurred_at <= UTC_TIMESTAMP(6) + INTERVAL 5 MINUTE, e.occurred_at, NULL)
FROM (SELECT event.comment_id, event.event_id, event.username, event.video_id, event.author_id, event.content,
             IF(event.occurred_at LIKE '%Z',
                CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 1) AS DATETIME(6)),
                CONVERT_TZ(CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 6) AS DATETIME(6)),
                           RIGHT(event.occurred_at, 6), '+00:00')) AS occurred_at
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
             event_id    VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
             action      VARCHAR(10)     PATH '$.action',
             comment_id  BIGINT UNSIGNED PATH '$.comment_id',
             username    VARCHAR(191)    PATH '$.username',
             video_id    BIGINT UNSIGNED PATH '$.video_id',
             author_id   BIGINT UNSIGNED PATH '$.author_id',
             content     TEXT            PATH '$.content',
             occurred_at VARCHAR(40)     PATH '$.occurred_at')) AS event
      WHERE event.action = 'publish') AS e
LEFT JOIN accounts a ON a.id = e.author_id
ORDER BY e.video_id, e.occurred_at
ON DUPLICATE KEY UPDATE event_id = IF(comments.event_id = VALUES(event_id), comments.event_id, NULL)
