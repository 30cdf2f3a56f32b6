-- used by: retention
-- kept for 30 days, for a person to look at
DELETE FROM rejected_events
WHERE rejected_at < UTC_TIMESTAMP() - INTERVAL 30 DAY
ORDER BY rejected_at
LIMIT 10000
