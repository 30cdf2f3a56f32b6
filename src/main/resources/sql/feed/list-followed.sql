-- used by: feed-list-by-following
-- parameters: account_id and token_id (of the caller), before (milliseconds since 1970, null for the first page), id_before (the last video of
-- the page before, or null), limit, script_result (JSON array of what the caller was accepted lately: vlogger id, state and changed_at in milliseconds since
-- 1970; or null)
-- the newest videos of the accounts that the caller follows first, served by idx_videos_author_id. Without id_before the page has all videos that
-- share the second of its last one, for the next page begins before that second; 1000 at most. A follow that was accepted may not be stored yet; of a pair
-- that both know the later operation counts.
-- no row for a token whose session has ended
WITH accepted AS (
  SELECT DISTINCT j.id, j.state, j.changed_at
  FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
         id         BIGINT UNSIGNED PATH '$.id',
         state      TINYINT         PATH '$.state',
         changed_at BIGINT          PATH '$.changed_at')) AS j),
vloggers AS (
  SELECT s.vlogger_id
  FROM social_states s
  LEFT JOIN accepted later ON later.id = s.vlogger_id
                          AND later.changed_at >= CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000)
  WHERE s.follower_id = :#${variable.account_id} AND s.following = 1 AND later.id IS NULL
  UNION ALL
  SELECT a.id
  FROM accepted a
  LEFT JOIN social_states later ON later.vlogger_id = a.id AND later.follower_id = :#${variable.account_id}
                               AND CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', later.changed_at) / 1000) > a.changed_at
  WHERE a.state = 1 AND later.vlogger_id IS NULL),
page AS (
  SELECT followed.id, followed.create_time
  FROM vloggers s
  STRAIGHT_JOIN videos followed ON followed.author_id = s.vlogger_id
  LEFT JOIN videos cursor_video ON cursor_video.id = :#${variable.id_before}
  WHERE followed.create_time < CAST(COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.before} * 1000, '1970-01-01'), '9999-12-31') AS DATETIME(3))
    AND (:#${variable.id_before} IS NULL OR followed.create_time < cursor_video.create_time
         OR (followed.create_time = cursor_video.create_time AND followed.id < cursor_video.id))
  ORDER BY followed.create_time DESC, followed.id DESC
  LIMIT :#${variable.limit})
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS create_time, v.likes_count, l.video_id IS NOT NULL AS is_liked,
       v.id AS next_id_before, TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS next_time
FROM (SELECT id, create_time FROM page
      UNION
      SELECT followed.id, followed.create_time
      FROM (SELECT CAST(DATE_FORMAT(MIN(create_time), '%Y-%m-%d %H:%i:%s') AS DATETIME(3)) AS second FROM page) AS last
      STRAIGHT_JOIN vloggers s
      STRAIGHT_JOIN videos followed ON followed.author_id = s.vlogger_id
                                   AND followed.create_time >= last.second AND followed.create_time < last.second + INTERVAL 1 SECOND
      WHERE :#${variable.id_before} IS NULL) AS complete
STRAIGHT_JOIN videos v ON v.id = complete.id
LEFT JOIN likes l ON l.video_id = v.id AND l.account_id = :#${variable.account_id}
WHERE (:#${variable.account_id} IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}))
ORDER BY complete.create_time DESC, complete.id DESC
LIMIT 1000
