-- used by: retention
-- parameters: last_id (of find-last-notification, null for none)
-- kept for 90 days; in the order of the ids, so that no row behind the last one is looked at, which somebody may be writing to
DELETE FROM notifications
WHERE id <= :#${variable.last_id} AND created_at < UTC_TIMESTAMP() - INTERVAL 90 DAY
ORDER BY id
LIMIT 10000
