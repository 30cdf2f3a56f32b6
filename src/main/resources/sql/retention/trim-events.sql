-- used by: retention
-- kept for 7 days: no message lives longer, so no redelivery can come for what is deleted here
DELETE FROM popularity_events
WHERE counted_at < UTC_TIMESTAMP() - INTERVAL 7 DAY
ORDER BY counted_at
LIMIT 10000
