-- used by: feed-list-by-following
-- parameters: account_id, before (milliseconds since 1970, null for the first page), id_before (the last video of the page before, or null), limit
-- the newest videos of the accounts that the caller follows first, served by idx_videos_author_id. Without id_before the page has all videos that
-- share the second of its last one, for the next page begins before that second; 1000 at most.
WITH page AS (
  SELECT v.id, v.create_time
  FROM socials s
  STRAIGHT_JOIN videos v ON v.author_id = s.vlogger_id
  LEFT JOIN videos cursor_video ON cursor_video.id = :#${variable.id_before}
  WHERE s.follower_id = :#${variable.account_id}
    AND v.create_time < CAST(COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.before} * 1000, '1970-01-01'), '9999-12-31') AS DATETIME(3))
    AND (:#${variable.id_before} IS NULL OR v.create_time < cursor_video.create_time
         OR (v.create_time = cursor_video.create_time AND v.id < cursor_video.id))
  ORDER BY v.create_time DESC, v.id DESC
  LIMIT :#${variable.limit})
SELECT id
FROM (SELECT id, create_time FROM page
      UNION
      SELECT v.id, v.create_time
      FROM (SELECT CAST(DATE_FORMAT(MIN(create_time), '%Y-%m-%d %H:%i:%s') AS DATETIME(3)) AS second FROM page) AS last
      STRAIGHT_JOIN socials s
      STRAIGHT_JOIN videos v ON v.author_id = s.vlogger_id
                            AND v.create_time >= last.second AND v.create_time < last.second + INTERVAL 1 SECOND
      WHERE s.follower_id = :#${variable.account_id} AND :#${variable.id_before} IS NULL) AS complete
ORDER BY create_time DESC, id DESC
LIMIT 1000
