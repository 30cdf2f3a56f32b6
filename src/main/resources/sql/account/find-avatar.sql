-- used by: account-show-avatar
-- parameters: account_id
-- NULL unless it was uploaded as an avatar of the account; the row of the account is locked until the transaction ends
SELECT CONCAT('/', u.file_name) AS avatar_before
FROM accounts a
LEFT JOIN uploads u ON u.file_name = SUBSTRING(a.avatar_url, LOCATE('static/avatars/', a.avatar_url))
  AND u.account_id = a.id AND a.avatar_url IN (u.url, CONCAT('/', u.file_name))
WHERE a.id = :#${variable.account_id}
FOR UPDATE
