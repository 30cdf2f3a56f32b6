-- used by: feed-list-by-tag
-- parameters: account_id and token_id (of the caller, or null), tag_name, limit
-- the newest videos first. Those are among the last thousand that were stored: the tag may have a million.
-- no row for a token whose session has ended
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS create_time, v.likes_count, l.video_id IS NOT NULL AS is_liked
FROM (SELECT vt.video_id
      FROM tags t
      JOIN video_tags vt ON vt.tag_id = t.id
      WHERE t.name = :#${variable.tag_name}
      ORDER BY vt.video_id DESC
      LIMIT 1000) AS newest
JOIN videos v ON v.id = newest.video_id
LEFT JOIN likes l ON l.video_id = v.id AND l.account_id = :#${variable.account_id}
WHERE (:#${variable.account_id} IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}))
ORDER BY v.create_time DESC, v.id DESC
LIMIT :#${variable.limit}
