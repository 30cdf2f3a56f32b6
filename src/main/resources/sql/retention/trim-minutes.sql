-- used by: retention
-- kept for a day: a hot score is shown for two hours
DELETE FROM popularity_minutes
WHERE changed_at < UTC_TIMESTAMP() - INTERVAL 1 DAY
ORDER BY changed_at
LIMIT 10000
