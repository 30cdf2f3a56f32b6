-- used by: account-refresh
-- parameters: refresh_token
-- of two requests with the same token, one changes a row
UPDATE accounts
SET refresh_token = ''
WHERE refresh_token = SHA2(:#${variable.refresh_token}, 256) AND refresh_expires_at > UTC_TIMESTAMP()
