-- used by: dead-letter-operate
-- parameters: selection (the id of the operation), operator
-- waits while a node is at it
UPDATE dead_letter_operations
SET ended_at = UTC_TIMESTAMP(3), cancelled_by = :#${variable.operator}
WHERE id = :#${variable.selection} AND ended_at IS NULL
