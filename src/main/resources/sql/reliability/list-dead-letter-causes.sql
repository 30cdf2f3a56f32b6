-- used by: dead-letter-list
-- the dead letters that are neither replayed nor discarded, by their cause, those that came last first
SELECT d.cause, d.queue, MAX(d.error_message) AS error_message, COUNT(*) AS letters, MAX(d.times_parked) AS times_parked,
       CONCAT(LEFT(DATE_FORMAT(MIN(d.parked_at), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS oldest,
       CONCAT(LEFT(DATE_FORMAT(MAX(d.parked_at), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS newest
FROM dead_letters d
WHERE d.state = 'new'
GROUP BY d.cause, d.queue
ORDER BY MAX(d.parked_at) DESC
LIMIT 1000
