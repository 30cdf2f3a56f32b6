-- used by: like-store
-- parameters: body (JSON array of like events)
-- idempotent by event_id. An unlike, a like of one's own video, of a missing video or by a missing account makes no row.
INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, content, created_at)
SELECT e.event_id, v.author_id, a.id, 'like', v.id, '点赞了你的视频',
       LEAST(IF(e.occurred_at LIKE '%Z',
                      CAST(LEFT(e.occurred_at, CHAR_LENGTH(e.occurred_at) - 1) AS DATETIME(6)),
                      CONVERT_TZ(CAST(LEFT(e.occurred_at, CHAR_LENGTH(e.occurred_at) - 6) AS DATETIME(6)),
                                 RIGHT(e.occurred_at, 6), '+00:00')),
             UTC_TIMESTAMP(3)) AS happened_at
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
     event_id    VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
     action      VARCHAR(10)     PATH '$.action',
     user_id     BIGINT UNSIGNED PATH '$.user_id',
     video_id    BIGINT UNSIGNED PATH '$.video_id',
     occurred_at VARCHAR(40)     PATH '$.occurred_at')) AS e
JOIN videos v ON v.id = e.video_id
JOIN accounts a ON a.id = e.user_id
WHERE e.action = 'like' AND v.author_id <> a.id
ORDER BY happened_at, e.event_id
ON DUPLICATE KEY UPDATE event_id = notifications.event_id
