-- used by: notification-tell, outbox-send
-- parameters: body (JSON array of events)
-- the notifications that came of the events
SELECT DISTINCT n.id, n.recipient_id, n.sender_id, n.type, n.target_id, n.content, n.is_read,
       DATE_FORMAT(n.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
     event_id VARCHAR(64) CHARACTER SET ascii PATH '$.event_id')) AS e
JOIN notifications n ON n.event_id = e.event_id
ORDER BY n.id
