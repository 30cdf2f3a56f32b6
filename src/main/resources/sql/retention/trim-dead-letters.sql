-- used by: retention
-- kept for 30 days after they were replayed or discarded; what is neither is kept
DELETE FROM dead_letters
WHERE state IN ('replayed', 'discarded') AND changed_at < UTC_TIMESTAMP() - INTERVAL 30 DAY
LIMIT 10000
