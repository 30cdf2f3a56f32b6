-- used by: dead-letter-begin
-- the operation that this transaction has inserted, and how many dead letters it is about
SELECT o.id AS operation, o.action, o.selection, COUNT(d.id) AS letters
FROM dead_letter_operations o
LEFT JOIN dead_letters_of_operations d ON d.of_operation = o.id
WHERE o.id = LAST_INSERT_ID()
GROUP BY o.id
