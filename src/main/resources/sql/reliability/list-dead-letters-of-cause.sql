-- used by: dead-letter-show
-- parameters: selection (a cause)
-- the oldest hundred that are neither replayed nor discarded
SELECT d.id, d.message_id, d.error_message, d.attempts, d.times_parked,
       CONCAT(LEFT(DATE_FORMAT(d.parked_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS parked_at
FROM dead_letters d
WHERE d.cause = :#${variable.selection} AND d.state = 'new'
ORDER BY d.id
LIMIT 100
