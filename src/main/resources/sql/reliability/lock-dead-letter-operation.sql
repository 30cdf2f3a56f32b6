-- used by: dead-letter-send
-- the first operation that has not ended, if it is time for it to go on and no other node is at it: held until the transaction ends
SELECT o.id AS operation, o.action
FROM dead_letter_operations o
WHERE o.id = (SELECT MIN(first.id) FROM dead_letter_operations first WHERE first.ended_at IS NULL)
  AND o.ended_at IS NULL AND o.continues_at <= UTC_TIMESTAMP(3)
FOR UPDATE SKIP LOCKED
