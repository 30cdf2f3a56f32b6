-- used by: feed-list-latest
-- parameters: account_id and token_id (of the caller, or null), before (milliseconds since 1970, null for the first page), id_before (the last video
-- of the page before, or null), since (milliseconds since 1970, or null), most
-- the newest videos first, served by idx_videos_create_time
-- no row for a token whose session has ended
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS create_time, v.likes_count, l.video_id IS NOT NULL AS is_liked,
       v.id AS next_id_before, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', v.create_time) DIV 1000 AS next_time
FROM videos v
LEFT JOIN likes l ON l.video_id = v.id AND l.account_id = :#${variable.account_id}
WHERE v.create_time <= CAST(COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.before} * 1000, '1970-01-01'), '9999-12-31') AS DATETIME(3))
  AND (v.create_time < CAST(COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.before} * 1000, '1970-01-01'), '9999-12-31') AS DATETIME(3))
       OR v.id < :#${variable.id_before})
  AND v.create_time >= CAST(COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.since} * 1000, '1970-01-01'), '1000-01-01') AS DATETIME(3))
  AND (:#${variable.account_id} IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}))
ORDER BY v.create_time DESC, v.id DESC
LIMIT :#${variable.most}
