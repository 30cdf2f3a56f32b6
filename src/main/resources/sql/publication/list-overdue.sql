-- used by: publication-overdue
-- the oldest first, served by idx_publications_state
SELECT id AS publication_id
FROM publications
WHERE state = 'scheduled' AND publish_at < UTC_TIMESTAMP(3) - INTERVAL 2 SECOND
ORDER BY publish_at
LIMIT 100
