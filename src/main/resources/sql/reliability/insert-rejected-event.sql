-- used by: reject-message
-- parameters: body (JSON array of one event), queue, why it failed (the text of the database)
-- idempotent by (event_id, queue)
INSERT INTO rejected_events (event_id, queue, reason, event, rejected_at)
SELECT e.event_id, :#${variable.queue}, REGEXP_SUBSTR(:#${exception.message}, '(video|account) not found'), e.event, UTC_TIMESTAMP(3)
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
       event_id VARCHAR(64) CHARACTER SET ascii PATH '$.event_id',
       event    JSON        PATH '$')) AS e
ON DUPLICATE KEY UPDATE rejected_at = rejected_events.rejected_at
