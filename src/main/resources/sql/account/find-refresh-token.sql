-- used by: account-refresh
-- parameters: refresh_token
SELECT id AS account_id, username AS account_name
FROM accounts
WHERE refresh_token = SHA2(:#${variable.refresh_token}, 256) AND refresh_expires_at > UTC_TIMESTAMP()
