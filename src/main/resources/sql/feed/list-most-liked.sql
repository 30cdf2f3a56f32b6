-- used by: feed-list-likes-count
-- parameters: account_id and token_id (of the caller, or null), likes_before (null for the first page), id_before (the last video of the
-- page before, or null), limit
-- the most liked videos first, served by idx_videos_likes_count_id
-- no row for a token whose session has ended
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS create_time, v.likes_count, l.video_id IS NOT NULL AS is_liked,
       v.likes_count AS next_likes_count_before, v.id AS next_id_before
FROM videos v
LEFT JOIN likes l ON l.video_id = v.id AND l.account_id = :#${variable.account_id}
WHERE v.likes_count <= COALESCE(:#${variable.likes_before}, 9223372036854775807)
  AND (v.likes_count < COALESCE(:#${variable.likes_before}, 9223372036854775807) OR v.id < :#${variable.id_before})
  AND (:#${variable.account_id} IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}))
ORDER BY v.likes_count DESC, v.id DESC
LIMIT :#${variable.limit}
