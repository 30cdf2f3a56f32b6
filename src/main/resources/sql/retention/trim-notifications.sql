-- used by: retention
-- parameters: ids (JSON array of find-old-notifications, or null)
-- each row by its id: a range would lock a row behind its end, which somebody may be writing to
DELETE n
FROM JSON_TABLE(:#${variable.ids}, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS old
STRAIGHT_JOIN notifications n ON n.id = old.id
