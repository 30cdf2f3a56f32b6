-- used by: repair-minutes
-- scores of the last quarter of an hour that are not the sum of what was counted, or are missing. A change is counted five minutes before its minute at the
-- earliest.
SELECT DATE_FORMAT(counted.minute, '%Y-%m-%d %H:%i:%s') AS minute, counted.video_id
FROM (SELECT e.minute, e.video_id, SUM(e.amount) AS score
      FROM popularity_events e
      WHERE e.counted_at > UTC_TIMESTAMP() - INTERVAL 25 MINUTE AND e.minute > UTC_TIMESTAMP() - INTERVAL 20 MINUTE
      GROUP BY e.minute, e.video_id) AS counted
LEFT JOIN popularity_minutes m ON m.minute = counted.minute AND m.video_id = counted.video_id
WHERE NOT counted.score <=> m.score
LIMIT 1000
