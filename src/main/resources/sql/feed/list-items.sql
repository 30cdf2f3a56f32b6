-- used by: feed-find-items
-- parameters: page (JSON array of objects with an id), account_id (the caller, null for none)
-- in the order of the page, without videos that do not exist
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS create_time,
       DATE_FORMAT(v.create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at,
       v.likes_count, v.popularity, l.video_id IS NOT NULL AS is_liked
FROM JSON_TABLE(:#${variable.page}, '$[*]' COLUMNS (
       place FOR ORDINALITY,
       id    BIGINT UNSIGNED PATH '$.id')) AS page
JOIN videos v ON v.id = page.id
LEFT JOIN likes l ON l.video_id = v.id AND l.account_id = :#${variable.account_id}
ORDER BY page.place
