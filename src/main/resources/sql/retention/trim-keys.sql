-- used by: retention
-- kept for 24 hours, as the contract says; then the key is free
DELETE FROM idempotency_keys
WHERE created_at < UTC_TIMESTAMP() - INTERVAL 24 HOUR
ORDER BY created_at
LIMIT 10000
