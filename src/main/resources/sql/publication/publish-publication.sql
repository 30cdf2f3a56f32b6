-- used by: publication-release
-- parameters: publication_id
-- no row when it was cancelled, or published before
UPDATE publications
SET state = 'published'
WHERE id = :#${variable.publication_id} AND state = 'scheduled'
