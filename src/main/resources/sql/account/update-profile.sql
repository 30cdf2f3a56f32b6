-- used by: account-update-profile
-- parameters: account_id, body (avatar_url and bio; what is null stays as it is)
UPDATE accounts
SET avatar_url = COALESCE(:#${body[avatar_url]}, avatar_url), bio = COALESCE(:#${body[bio]}, bio)
WHERE id = :#${variable.account_id}
