-- used by: account-refresh
-- parameters: refresh_token
-- one row if it is the one of a session; token_id is that of all access tokens of the session
SELECT id AS account_id, username AS account_name, token AS token_id
FROM accounts
WHERE refresh_token = SHA2(:#${variable.refresh_token}, 256) AND refresh_expires_at > UTC_TIMESTAMP()
