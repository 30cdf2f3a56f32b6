-- used by: account-use-refresh-token
-- parameters: refresh_token
SELECT id AS account_id, username
FROM accounts
WHERE refresh_token = SHA2(:#${variable.refresh_token}, 256) AND refresh_expires_at > UTC_TIMESTAMP()
