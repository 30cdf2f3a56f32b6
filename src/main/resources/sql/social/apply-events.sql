-- used by: social-store
-- parameters: body (JSON array of social events)
-- idempotent: of each (vlogger, follower) pair the event with the latest occurred_at wins, however often and in whatever order they come.
-- An event that claims to be from the future would hold its pair for ever: its NULL fails the statement.
INSERT INTO social_states (vlogger_id, follower_id, following, changed_at)
SELECT e.vlogger_id, e.follower_id, e.action = 'follow',
       IF(e.occurred_at <= UTC_TIMESTAMP(6) + INTERVAL 5 MINUTE, e.occurred_at, NULL)
FROM (SELECT event.vlogger_id, event.follower_id, event.action,
             IF(event.occurred_at LIKE '%Z',
                CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 1) AS DATETIME(6)),
                CONVERT_TZ(CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 6) AS DATETIME(6)),
                           RIGHT(event.occurred_at, 6), '+00:00')) AS occurred_at
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
             action      VARCHAR(10)     PATH '$.action',
             follower_id BIGINT UNSIGNED PATH '$.follower_id',
             vlogger_id  BIGINT UNSIGNED PATH '$.vlogger_id',
             occurred_at VARCHAR(40)     PATH '$.occurred_at')) AS event) AS e
ORDER BY e.vlogger_id, e.follower_id
ON DUPLICATE KEY UPDATE
  following  = IF(VALUES(changed_at) > social_states.changed_at, VALUES(following), social_states.following),
  changed_at = GREATEST(social_states.changed_at, VALUES(changed_at))
