-- used by: message-list
-- parameters: account_id, peer_id, before_id (the oldest message of the page before, 0 for the first page)
-- what two accounts have written to each other, newest first; each direction is served by idx_messages_from
SELECT m.id, m.from_id, m.to_id, m.content, m.is_read, DATE_FORMAT(m.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at
FROM ((SELECT sent.id
       FROM messages sent
       WHERE sent.from_id = :#${variable.account_id} AND sent.to_id = :#${variable.peer_id}
         AND sent.id < IF(:#${variable.before_id} > 0, :#${variable.before_id}, 9223372036854775807)
       ORDER BY sent.id DESC
       LIMIT 50)
      UNION
      (SELECT received.id
       FROM messages received
       WHERE received.from_id = :#${variable.peer_id} AND received.to_id = :#${variable.account_id}
         AND received.id < IF(:#${variable.before_id} > 0, :#${variable.before_id}, 9223372036854775807)
       ORDER BY received.id DESC
       LIMIT 50)) AS page
JOIN messages m ON m.id = page.id
ORDER BY m.id DESC
LIMIT 50
