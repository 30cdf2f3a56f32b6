-- used by: popularity-show
-- parameters: body (JSON array of popularity events, or of likes and comments with the ids of theirs)
-- a JSON array of the scores that the events have changed, NULL for none; what is counted with a like or a comment is shown with it
SELECT JSON_ARRAYAGG(JSON_OBJECT('minute', DATE_FORMAT(m.minute, '%Y%m%d%H%i'), 'video_id', m.video_id, 'score', m.score, 'revision', m.revision)) AS scores
FROM (SELECT DISTINCT p.minute, p.video_id
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
             event_id            VARCHAR(64) CHARACTER SET ascii PATH '$.event_id',
             popularity_event_id VARCHAR(64) CHARACTER SET ascii PATH '$.popularity_event_id',
             counted_with        VARCHAR(64) CHARACTER SET ascii PATH '$.counted_with')) AS e
      JOIN popularity_events p ON p.event_id = COALESCE(e.popularity_event_id, e.event_id)
      WHERE e.counted_with IS NULL) AS touched
JOIN popularity_minutes m ON m.minute = touched.minute AND m.video_id = touched.video_id
WHERE m.minute > UTC_TIMESTAMP() - INTERVAL 2 HOUR
