-- used by: message-send
-- parameters: body (to_id, content), account_id, token_id
-- one row if the session of the token has not ended: whether the recipient is there, and the content without white space around it
SELECT r.id IS NOT NULL AS found, r.id AS to_id, REGEXP_SUBSTR(:#${body[content]}, '(?s)[^\\t-\\r\\p{Z}](.*[^\\t-\\r\\p{Z}])?') AS content
FROM accounts a
LEFT JOIN accounts r ON r.id = :#${body[to_id]}
WHERE a.id = :#${variable.account_id} AND a.token = :#${variable.token_id}
