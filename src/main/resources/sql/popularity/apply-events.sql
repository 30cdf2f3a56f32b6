-- used by: popularity-apply-events
-- parameters: body (JSON array of popularity events)
-- idempotent by event_id; what was rejected is left out
INSERT INTO popularity_events (event_id, video_id, minute, amount, counted_at)
SELECT e.event_id, e.video_id,
       IF(e.occurred_at <= UTC_TIMESTAMP(6) + INTERVAL 5 MINUTE, DATE_FORMAT(e.occurred_at, '%Y-%m-%d %H:%i:00'), NULL),
       e.amount, UTC_TIMESTAMP(3)
FROM (SELECT event.event_id, event.video_id, event.amount,
             CONVERT_TZ(CAST(TRIM(TRAILING 'Z' FROM REGEXP_REPLACE(event.occurred_at, '[+-][0-9]{2}:[0-9]{2}$', '')) AS DATETIME(6)),
                        IF(event.occurred_at LIKE '%Z', '+00:00', RIGHT(event.occurred_at, 6)), '+00:00') AS occurred_at
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
             event_id    VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
             video_id    BIGINT UNSIGNED PATH '$.video_id',
             amount      INT             PATH '$.change',
             occurred_at VARCHAR(40)     PATH '$.occurred_at')) AS event) AS e
LEFT JOIN rejected_events r ON r.event_id = e.event_id AND r.route = :#${routeId}
WHERE r.event_id IS NULL
ORDER BY e.video_id, e.event_id
ON DUPLICATE KEY UPDATE amount = popularity_events.amount
