-- used by: feed-list-by-tag
-- parameters: tag_name, limit
-- the newest videos first. Those are among the last thousand that were stored: the tag may have a million.
SELECT v.id
FROM (SELECT vt.video_id
      FROM tags t
      JOIN video_tags vt ON vt.tag_id = t.id
      WHERE t.name = :#${variable.tag_name}
      ORDER BY vt.video_id DESC
      LIMIT 1000) AS newest
JOIN videos v ON v.id = newest.video_id
ORDER BY v.create_time DESC, v.id DESC
LIMIT :#${variable.limit}
