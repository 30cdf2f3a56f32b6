-- used by: dead-letter-send
-- parameters: operation, ended (how many dead letters, 50 if there may be more)
-- what replays goes on in a second, whatever node it is
UPDATE dead_letter_operations
SET done = done + :#${variable.ended},
    continues_at = IF(action = 'replay', UTC_TIMESTAMP(3) + INTERVAL 1 SECOND, UTC_TIMESTAMP(3)),
    ended_at = IF(:#${variable.ended} < 50, UTC_TIMESTAMP(3), NULL)
WHERE id = :#${variable.operation}
