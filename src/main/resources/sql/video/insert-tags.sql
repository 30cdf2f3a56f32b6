-- used by: video-release
-- parameters: hashtags (JSON array of names)
-- those that are new; two publications that bring the same one both find it, in the same order so that neither waits for the other in turn
INSERT INTO tags (name)
SELECT h.name
FROM JSON_TABLE(:#${variable.hashtags}, '$[*]' COLUMNS (name VARCHAR(100) CHARACTER SET utf8mb4 PATH '$')) AS h
LEFT JOIN tags t ON t.name = h.name COLLATE utf8mb4_unicode_520_ci
WHERE t.id IS NULL
ORDER BY h.name COLLATE utf8mb4_unicode_520_ci
ON DUPLICATE KEY UPDATE name = tags.name
