-- used by: retention
-- kept for 30 days after their time, when published or cancelled: who cancels one late is told that it is published
DELETE FROM publications
WHERE state IN ('published', 'cancelled') AND publish_at < UTC_TIMESTAMP() - INTERVAL 30 DAY
LIMIT 10000
