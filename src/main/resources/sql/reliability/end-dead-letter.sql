-- used by: dead-letter-send
-- parameters: letter (its id), action, operation
UPDATE dead_letters
SET state = IF(:#${variable.action} = 'replay', 'replayed', 'discarded'), operation = :#${variable.operation}, changed_at = UTC_TIMESTAMP(3)
WHERE id = :#${variable.letter} AND state = 'new'
