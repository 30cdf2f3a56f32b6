-- used by: dead-letter-begin
-- parameters: action, selection, until (RFC 3339 in UTC, or none), operator
INSERT INTO dead_letter_operations (operator, action, selection, until, last_id, requested_at, continues_at)
SELECT :#${variable.operator}, :#${variable.action}, :#${variable.selection},
       CAST(REPLACE(:#${variable.until}, 'Z', '') AS DATETIME(3)),
       (SELECT COALESCE(MAX(d.id), 0) FROM dead_letters d), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
