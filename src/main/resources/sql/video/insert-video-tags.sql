-- used by: video-release
-- parameters: video_id, hashtags (JSON array of names)
-- names that are the same under the collation are one tag
INSERT INTO video_tags (video_id, tag_id)
SELECT DISTINCT :#${variable.video_id}, t.id
FROM JSON_TABLE(:#${variable.hashtags}, '$[*]' COLUMNS (name VARCHAR(100) CHARACTER SET utf8mb4 PATH '$')) AS h
JOIN tags t ON t.name = h.name COLLATE utf8mb4_unicode_520_ci
