-- used by: like-store
-- parameters: body (JSON array of like events)
-- idempotent: of each (video, account) pair the event with the latest occurred_at wins, however often and in whatever order they come.
-- An event that claims to be from the future would hold its pair for ever: its NULL fails the statement.
INSERT INTO like_states (video_id, account_id, liked, changed_at)
SELECT e.video_id, e.user_id, e.action = 'like',
       IF(e.occurred_at <= UTC_TIMESTAMP(6) + INTERVAL 5 MINUTE, e.occurred_at, NULL)
FROM (SELECT event.video_id, event.user_id, event.action,
             IF(event.occurred_at LIKE '%Z',
                CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 1) AS DATETIME(6)),
                CONVERT_TZ(CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 6) AS DATETIME(6)),
                           RIGHT(event.occurred_at, 6), '+00:00')) AS occurred_at
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
             action      VARCHAR(10)     PATH '$.action',
             user_id     BIGINT UNSIGNED PATH '$.user_id',
             video_id    BIGINT UNSIGNED PATH '$.video_id',
             occurred_at VARCHAR(40)     PATH '$.occurred_at')) AS event) AS e
ORDER BY e.video_id, e.user_id
ON DUPLICATE KEY UPDATE
  liked      = IF(VALUES(changed_at) > like_states.changed_at, VALUES(liked), like_states.liked),
  changed_at = GREATEST(like_states.changed_at, VALUES(changed_at))
