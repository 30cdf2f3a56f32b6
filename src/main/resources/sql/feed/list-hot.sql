-- used by: feed-list-by-popularity
-- parameters: account_id and token_id (of the caller, or null), script_result (JSON array of the ids of the page)
-- in the order of the page; of a video that does not exist a row of NULLs
-- no row for a token whose session has ended
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS create_time, v.likes_count, l.video_id IS NOT NULL AS is_liked,
       v.popularity AS next_latest_popularity, DATE_FORMAT(v.create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS next_latest_before, v.id AS next_latest_id_before
FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
       place FOR ORDINALITY,
       id    BIGINT UNSIGNED PATH '$')) AS page
LEFT JOIN videos v ON v.id = page.id
LEFT JOIN likes l ON l.video_id = v.id AND l.account_id = :#${variable.account_id}
WHERE (:#${variable.account_id} IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}))
ORDER BY page.place
