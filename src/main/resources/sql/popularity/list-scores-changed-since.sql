-- used by: popularity-repair
-- parameters: shown_until (milliseconds since 1970, null for all), last_shown (0, or the place of the last row of the page before, which changed at
-- shown_until)
-- a page in the order of idx_popularity_minutes_changed_at; changed_at and now in milliseconds since 1970. What changed in the minute before the first page
-- is listed again, for transactions that were still open.
SELECT DATE_FORMAT(m.minute, '%Y%m%d%H%i') AS minute, m.video_id, m.score, m.revision,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', m.changed_at) DIV 1000 AS changed_at,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now,
       CONCAT(DATE_FORMAT(m.minute, '%Y%m%d%H%i'), LPAD(m.video_id, 20, '0')) AS place
FROM popularity_minutes m FORCE INDEX (idx_popularity_minutes_changed_at)
WHERE m.changed_at >= COALESCE(TIMESTAMPADD(MICROSECOND, (:#${variable.shown_until} - IF(:#${variable.last_shown} = '0', 60000, 0)) * 1000, '1970-01-01'),
                               '1970-01-01')
  AND (m.changed_at > COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.shown_until} * 1000, '1970-01-01'), '1970-01-01')
       OR CONCAT(DATE_FORMAT(m.minute, '%Y%m%d%H%i'), LPAD(m.video_id, 20, '0')) > :#${variable.last_shown})
  AND m.minute > UTC_TIMESTAMP() - INTERVAL 2 HOUR
ORDER BY m.changed_at, m.minute, m.video_id
LIMIT 2000
