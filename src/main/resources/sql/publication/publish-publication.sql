-- used by: publication-apply-events
-- parameters: event_id (the id of the publication)
UPDATE publications
SET state = 'published'
WHERE id = :#${variable.event_id}
