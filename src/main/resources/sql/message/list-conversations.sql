-- used by: message-conversations
-- parameters: account_id, before_id (the last message of the last conversation of the page before, 0 for the first page)
-- the other account, the last message and the number of unread ones of each conversation, the newest first, served by idx_conversations_last
SELECT a.id AS peer_id, a.username, NULLIF(a.avatar_url, '') AS avatar_url,
       (SELECT COUNT(*) FROM messages w WHERE w.to_id = c.account_id AND w.is_read = FALSE AND w.from_id = c.peer_id) AS unread_count,
       m.id, m.from_id, m.to_id, m.content, m.is_read, DATE_FORMAT(m.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at
FROM conversations c
JOIN messages m ON m.id = c.last_id
JOIN accounts a ON a.id = c.peer_id
WHERE c.account_id = :#${variable.account_id}
  AND c.last_id < IF(:#${variable.before_id} > 0, :#${variable.before_id}, 9223372036854775807)
ORDER BY c.last_id DESC
LIMIT 50
