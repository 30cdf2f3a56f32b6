-- used by: queue-watch
-- by dead-letter queue, those that were taken from it and are neither replayed nor discarded
SELECT CONCAT(queue, '.dlq') AS queue, COUNT(*) AS letters
FROM dead_letters
WHERE state = 'new'
GROUP BY queue
