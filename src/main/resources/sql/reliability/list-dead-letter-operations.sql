-- used by: dead-letter-list
-- the last hundred
SELECT id AS operation, operator, action, selection, done, cancelled_by,
       CONCAT(LEFT(DATE_FORMAT(until, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS until,
       CONCAT(LEFT(DATE_FORMAT(requested_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS requested_at,
       CONCAT(LEFT(DATE_FORMAT(ended_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS ended_at
FROM dead_letter_operations
ORDER BY id DESC
LIMIT 100
