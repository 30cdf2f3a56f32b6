-- used by: retention
-- of the oldest ten thousand those that have been kept for 90 days, as JSON array of ids, NULL when there are none; the oldest have the smallest ids, and no
-- index on the time has to be kept for this. It locks nothing: who reads a notification writes to it.
SELECT JSON_ARRAYAGG(oldest.id) AS ids
FROM (SELECT id, created_at FROM notifications ORDER BY id LIMIT 10000) AS oldest
WHERE oldest.created_at < UTC_TIMESTAMP() - INTERVAL 90 DAY
