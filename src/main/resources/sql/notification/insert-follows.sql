-- used by: social-store
-- parameters: body (JSON array of social events)
-- idempotent by event_id. An unfollow, or a follow of or by a missing account, makes no row.
INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, content, created_at)
SELECT e.event_id, v.id, f.id, 'follow', f.id, '关注了你',
       LEAST(IF(e.occurred_at LIKE '%Z',
                      CAST(LEFT(e.occurred_at, CHAR_LENGTH(e.occurred_at) - 1) AS DATETIME(6)),
                      CONVERT_TZ(CAST(LEFT(e.occurred_at, CHAR_LENGTH(e.occurred_at) - 6) AS DATETIME(6)),
                                 RIGHT(e.occurred_at, 6), '+00:00')),
             UTC_TIMESTAMP(3)) AS happened_at
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
     event_id    VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
     action      VARCHAR(10)     PATH '$.action',
     follower_id BIGINT UNSIGNED PATH '$.follower_id',
     vlogger_id  BIGINT UNSIGNED PATH '$.vlogger_id',
     occurred_at VARCHAR(40)     PATH '$.occurred_at')) AS e
JOIN accounts v ON v.id = e.vlogger_id
JOIN accounts f ON f.id = e.follower_id
WHERE e.action = 'follow' AND v.id <> f.id
ORDER BY happened_at, e.event_id
ON DUPLICATE KEY UPDATE event_id = notifications.event_id
