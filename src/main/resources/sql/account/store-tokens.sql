-- used by: account-login
-- parameters: account_id, token_id (of the only access tokens that are valid from now on), refresh_token (stored hashed)
UPDATE accounts
SET token = :#${variable.token_id},
    refresh_token = SHA2(:#${variable.refresh_token}, 256),
    refresh_expires_at = UTC_TIMESTAMP() + INTERVAL 7 DAY
WHERE id = :#${variable.account_id}
