-- used by: account-issue-tokens
-- parameters: account_id, refresh_token (stored hashed)
UPDATE accounts
SET refresh_token = SHA2(:#${variable.refresh_token}, 256)
WHERE id = :#${variable.account_id}
