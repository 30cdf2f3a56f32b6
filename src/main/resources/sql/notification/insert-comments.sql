-- used by: notification-insert-comments
-- parameters: body (JSON array of comment events, each with its mentions: an array of the names that each may mean)
-- idempotent by event_id. The author of the video gets one row, and so does everybody else who is mentioned. A comment on a missing video or by a
-- missing account makes none.
INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, content, created_at)
SELECT n.event_id, n.recipient_id, s.id, n.type, v.id,
       IF(n.type = 'comment', '评论了你的视频', CONCAT(s.username, ' 在评论中提到了你')),
       LEAST(IF(n.occurred_at LIKE '%Z',
                      CAST(LEFT(n.occurred_at, CHAR_LENGTH(n.occurred_at) - 1) AS DATETIME(6)),
                      CONVERT_TZ(CAST(LEFT(n.occurred_at, CHAR_LENGTH(n.occurred_at) - 6) AS DATETIME(6)),
                                 RIGHT(n.occurred_at, 6), '+00:00')),
             UTC_TIMESTAMP(3)) AS happened_at
FROM (SELECT e.event_id, e.author_id, e.video_id, e.occurred_at, 'comment' AS type, c.author_id AS recipient_id
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
            event_id    VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
            action      VARCHAR(10)     PATH '$.action',
            author_id   BIGINT UNSIGNED PATH '$.author_id',
            video_id    BIGINT UNSIGNED PATH '$.video_id',
            occurred_at VARCHAR(40)     PATH '$.occurred_at')) AS e
      JOIN videos c ON c.id = e.video_id
      WHERE e.action = 'publish'
      UNION
      SELECT m.event_id, m.author_id, m.video_id, m.occurred_at, 'mention', m.recipient_id
      FROM (SELECT e.*, r.id AS recipient_id,
                   ROW_NUMBER() OVER (PARTITION BY e.event_id, e.mention ORDER BY CHAR_LENGTH(r.username) DESC) AS place
            FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
            event_id    VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
            action      VARCHAR(10)     PATH '$.action',
            author_id   BIGINT UNSIGNED PATH '$.author_id',
            video_id    BIGINT UNSIGNED PATH '$.video_id',
            occurred_at VARCHAR(40)     PATH '$.occurred_at',
            NESTED PATH '$.mentions[*]' COLUMNS (
              mention   FOR ORDINALITY,
              NESTED PATH '$.names[*]' COLUMNS (
                username VARCHAR(191)  CHARACTER SET utf8mb4 PATH '$')))) AS e
            JOIN accounts r ON r.username = e.username
            WHERE e.action = 'publish') AS m
      WHERE m.place = 1) AS n
JOIN videos v ON v.id = n.video_id
JOIN accounts s ON s.id = n.author_id
WHERE n.recipient_id <> s.id
ORDER BY happened_at, n.event_id, n.type
ON DUPLICATE KEY UPDATE event_id = notifications.event_id
