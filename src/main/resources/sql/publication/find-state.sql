-- used by: publication-cancel
-- parameters: publication_id, kind, owner_id (the account, 0 for a post)
SELECT state
FROM publications
WHERE id = :#${variable.publication_id} AND kind = :#${variable.kind} AND account_id = :#${variable.owner_id}
