-- used by: notification-catch-up
-- parameters: body (JSON array of readers: reader, account_id, token_id and last_id, the notification that the reader has already, or none)
-- what readers whose session has not ended have missed, oldest first, 200 at most for each; one row without an id for a reader who has missed nothing.
-- A reader who names no last_id gets that of the newest notification.
SELECT missed.*
FROM (SELECT r.reader, r.last_id, n.id, n.recipient_id, n.sender_id, n.type, n.target_id, n.content, n.is_read,
             DATE_FORMAT(n.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at,
             ROW_NUMBER() OVER (PARTITION BY r.reader ORDER BY n.id) AS place
      FROM (SELECT s.reader, s.account_id,
                   COALESCE(s.last_id, (SELECT MAX(o.id) FROM notifications o WHERE o.recipient_id = s.account_id), 0) AS last_id
            FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (
                 reader     VARCHAR(36)     PATH '$.reader',
                 account_id BIGINT UNSIGNED PATH '$.account_id',
                 token_id   VARCHAR(64)     CHARACTER SET ascii PATH '$.token_id',
                 last_id    BIGINT UNSIGNED PATH '$.last_id')) AS s
            JOIN accounts a ON a.id = s.account_id AND a.token = s.token_id) AS r
      LEFT JOIN notifications n ON n.recipient_id = r.account_id AND n.id > r.last_id) AS missed
WHERE missed.place <= 200
ORDER BY missed.reader, missed.place
