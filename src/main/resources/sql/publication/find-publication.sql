-- used by: publication-release
-- parameters: publication_id
-- with the name that its author has now
SELECT p.kind, p.account_id, a.username AS account_name, p.payload
FROM publications p
LEFT JOIN accounts a ON a.id = p.account_id
WHERE p.id = :#${variable.publication_id}
