-- used by: account-find
-- parameters: wanted_id or wanted_name, the other is null
SELECT id, username, NULLIF(avatar_url, '') AS avatar_url, NULLIF(bio, '') AS bio
FROM accounts
WHERE id = :#${variable.wanted_id} OR username = :#${variable.wanted_name}
