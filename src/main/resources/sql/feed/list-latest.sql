-- used by: feed-list-latest
-- parameters: before (milliseconds since 1970, null for the first page), id_before (the last video of the page before, or null), limit
-- the newest videos first, served by idx_videos_create_time. Without id_before the page has all videos that share the time of its last one,
-- for the next page begins before that time; 1000 at most.
WITH page AS (
  SELECT id, create_time
  FROM videos
  WHERE create_time <= CAST(COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.before} * 1000, '1970-01-01'), '9999-12-31') AS DATETIME(3))
    AND (create_time < CAST(COALESCE(TIMESTAMPADD(MICROSECOND, :#${variable.before} * 1000, '1970-01-01'), '9999-12-31') AS DATETIME(3))
         OR id < :#${variable.id_before})
  ORDER BY create_time DESC, id DESC
  LIMIT :#${variable.limit})
SELECT id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', create_time) DIV 1000 AS next_time
FROM (SELECT id, create_time FROM page
      UNION
      SELECT v.id, v.create_time
      FROM (SELECT MIN(create_time) AS create_time FROM page) AS last
      JOIN videos v ON v.create_time = last.create_time
      WHERE :#${variable.id_before} IS NULL) AS complete
ORDER BY create_time DESC, id DESC
LIMIT 1000
