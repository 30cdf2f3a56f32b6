-- used by: account-check-password
-- parameters: username
-- always one row: an unknown name costs as much time as a wrong password, and as many attempts
SELECT id AS account_id, username AS account_name, password AS password_hash, CONCAT('account ', id) AS caller
FROM accounts
WHERE username = :#${variable.username}
UNION ALL
SELECT 0, '', '$2a$10$7EqJtq98hPqEX7fNZaFWoOhi5b4X3HqcYhfb7bJj9lTVhPEBkx8Wm', CONCAT('name ', LOWER(:#${variable.username}))
LIMIT 1
