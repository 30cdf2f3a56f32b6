-- used by: popularity-repair
-- parameters: shown_until (milliseconds since 1970, null for all)
-- what changed in the minute before it is listed again, for transactions that were still open
SELECT DATE_FORMAT(minute, '%Y%m%d%H%i') AS minute, video_id, score, revision,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now
FROM popularity_minutes
WHERE changed_at >= COALESCE(TIMESTAMPADD(SECOND, :#${variable.shown_until} / 1000 - 60, '1970-01-01'), '1970-01-01')
  AND minute > UTC_TIMESTAMP() - INTERVAL 2 HOUR
