-- used by: comment-store, like-store, popularity-apply-events
-- parameters: body (JSON array of popularity events, or of likes and comments)
-- idempotent by event_id. A like or a comment is counted if it says the id of its popularity event; that event then says with what it is counted, and is not
-- counted itself. The Go system says neither: there the popularity event counts. An event that claims to be from the future fails the statement with its NULL.
INSERT INTO popularity_events (event_id, video_id, minute, amount, counted_at)
SELECT e.event_id, e.video_id,
       IF(e.occurred_at <= UTC_TIMESTAMP(6) + INTERVAL 5 MINUTE, DATE_FORMAT(e.occurred_at, '%Y-%m-%d %H:%i:00'), NULL),
       e.amount, UTC_TIMESTAMP(3)
FROM (SELECT COALESCE(event.popularity_event_id, event.event_id) AS event_id, event.video_id,
             COALESCE(event.amount, IF(event.action IN ('like', 'publish'), 1, -1)) AS amount,
             IF(event.occurred_at LIKE '%Z',
                CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 1) AS DATETIME(6)),
                CONVERT_TZ(CAST(LEFT(event.occurred_at, CHAR_LENGTH(event.occurred_at) - 6) AS DATETIME(6)),
                           RIGHT(event.occurred_at, 6), '+00:00')) AS occurred_at
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
             event_id            VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
             popularity_event_id VARCHAR(64)     CHARACTER SET ascii PATH '$.popularity_event_id',
             counted_with        VARCHAR(64)     CHARACTER SET ascii PATH '$.counted_with',
             action              VARCHAR(10)     PATH '$.action',
             video_id            BIGINT UNSIGNED PATH '$.video_id',
             amount              INT             PATH '$.change',
             occurred_at         VARCHAR(40)     PATH '$.occurred_at')) AS event
      WHERE event.counted_with IS NULL AND (event.amount IS NOT NULL OR event.popularity_event_id IS NOT NULL)) AS e
ORDER BY e.video_id, e.event_id
ON DUPLICATE KEY UPDATE amount = popularity_events.amount
