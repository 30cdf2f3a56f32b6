-- used by: open-request
-- parameters: account_id, token_id
-- one row if the access token is the one handed out last
SELECT id FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}
