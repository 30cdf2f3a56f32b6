-- used by: notification-catch-up
-- parameters: body (JSON array of readers: account_id, token_id, last_id, the notification that the reader has already, or none, and offered, how many
-- after it were offered to the reader)
-- what readers whose session has not ended may have missed, oldest first, 200 at most for each and as many as were offered; behind says whether there
-- is more. One row without an id for a reader who has missed nothing. A reader, whose number is the place in the array, who names no last_id gets that
-- of the newest notification.
SELECT missed.reader, missed.last_id, missed.total > 200 + missed.offered AS behind, missed.id, missed.recipient_id, missed.sender_id, missed.type,
       missed.target_id, missed.content, missed.is_read, missed.created_at
FROM (SELECT r.reader, r.last_id, r.offered, n.id, n.recipient_id, n.sender_id, n.type, n.target_id, n.content, n.is_read,
             DATE_FORMAT(n.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at,
             ROW_NUMBER() OVER (PARTITION BY r.reader ORDER BY n.id) AS place,
             COUNT(*) OVER (PARTITION BY r.reader) AS total
      FROM (SELECT s.reader, s.offered, s.account_id,
                   COALESCE(s.last_id, (SELECT MAX(o.id) FROM notifications o WHERE o.recipient_id = s.account_id), 0) AS last_id
            FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
                 reader     FOR ORDINALITY,
                 account_id BIGINT UNSIGNED PATH '$.account_id',
                 token_id   VARCHAR(64)     CHARACTER SET ascii PATH '$.token_id',
                 last_id    BIGINT UNSIGNED PATH '$.last_id',
                 offered    BIGINT UNSIGNED PATH '$.offered')) AS s
            JOIN accounts a ON a.id = s.account_id AND a.token = s.token_id) AS r
      LEFT JOIN notifications n ON n.recipient_id = r.account_id AND n.id > r.last_id) AS missed
WHERE missed.place <= 200 + missed.offered
ORDER BY missed.reader, missed.place
