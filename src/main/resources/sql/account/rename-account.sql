-- used by: account-rename
-- parameters: account_id, account_name (the new one), token_id (of the only access tokens that are valid from now on)
UPDATE accounts
SET username = :#${variable.account_name}, token = :#${variable.token_id}
WHERE id = :#${variable.account_id}
