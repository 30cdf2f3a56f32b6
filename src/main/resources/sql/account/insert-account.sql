-- used by: account-register
-- parameters: username, password_hash
INSERT INTO accounts (username, password)
VALUES (:#${variable.username}, :#${variable.password_hash})
