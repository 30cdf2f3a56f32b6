-- used by: account-show-avatar
-- parameters: account_id, url
UPDATE accounts SET avatar_url = LEFT(:#${variable.url}, 512) WHERE id = :#${variable.account_id}
