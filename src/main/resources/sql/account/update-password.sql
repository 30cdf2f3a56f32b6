-- used by: account-change-password
-- parameters: account_id, password_hash
UPDATE accounts
SET password = :#${variable.password_hash}, token = '', refresh_token = ''
WHERE id = :#${variable.account_id}
