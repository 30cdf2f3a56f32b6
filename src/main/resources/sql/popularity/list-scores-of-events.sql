-- used by: popularity-apply-events
-- parameters: body (JSON array of popularity events)
SELECT DATE_FORMAT(m.minute, '%Y%m%d%H%i') AS minute, m.video_id, m.score, m.revision
FROM (SELECT DISTINCT p.minute, p.video_id
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (event_id VARCHAR(64) CHARACTER SET ascii PATH '$.event_id')) AS e
      JOIN popularity_events p ON p.event_id = e.event_id) AS touched
JOIN popularity_minutes m ON m.minute = touched.minute AND m.video_id = touched.video_id
WHERE m.minute > UTC_TIMESTAMP() - INTERVAL 2 HOUR
