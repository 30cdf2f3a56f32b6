-- used by: retention
-- the last of the oldest ten thousand that has been kept for 90 days, NULL when there is none; the oldest have the smallest ids, and no index on the time has
-- to be kept for this. It locks nothing: who reads a notification writes to it.
SELECT MAX(oldest.id) AS last_id
FROM (SELECT id, created_at FROM notifications ORDER BY id LIMIT 10000) AS oldest
WHERE oldest.created_at < UTC_TIMESTAMP() - INTERVAL 90 DAY
