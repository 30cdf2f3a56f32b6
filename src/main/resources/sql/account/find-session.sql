-- used by: open-request
-- parameters: account_id, token_id
-- one row if the access token is one of the session
SELECT id FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}
