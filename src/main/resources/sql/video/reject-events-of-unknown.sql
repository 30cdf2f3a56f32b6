-- used by: like-apply-events, popularity-apply-events
-- parameters: body (JSON array of events)
-- idempotent by (event_id, route)
INSERT INTO rejected_events (event_id, route, reason, event, rejected_at)
SELECT e.event_id, :#${routeId}, 'video not found', e.event, UTC_TIMESTAMP(3)
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
       event_id VARCHAR(64)     CHARACTER SET ascii PATH '$.event_id',
       video_id BIGINT UNSIGNED PATH '$.video_id',
       event    JSON            PATH '$')) AS e
LEFT JOIN videos ON videos.id = e.video_id
WHERE videos.id IS NULL
ON DUPLICATE KEY UPDATE rejected_at = rejected_events.rejected_at
