-- used by: publication-apply-events
-- parameters: body (JSON array of messages, each with the publication_id of what is due)
-- what is still to be published, each once, in the order of the messages, with the names that the authors have now. No row for what was cancelled, or
-- published before, or is not due by the clock of the database: publication-overdue publishes it then. The rows are locked.
SELECT STRAIGHT_JOIN p.id AS event_id, p.kind, p.account_id, p.payload,
       (SELECT a.username FROM accounts a WHERE a.id = p.account_id) AS account_name
FROM (SELECT m.id, MIN(m.place) AS place
      FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
           place FOR ORDINALITY,
           id    VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.publication_id')) AS m
      GROUP BY m.id) AS due
JOIN publications p ON p.id = due.id
WHERE p.state = 'scheduled' AND p.publish_at <= UTC_TIMESTAMP(3)
ORDER BY due.place
FOR UPDATE
