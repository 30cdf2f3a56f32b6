-- used by: account-logout
-- parameters: account_id
UPDATE accounts SET token = '', refresh_token = '' WHERE id = :#${variable.account_id}
