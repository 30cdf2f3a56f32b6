-- used by: repair-videos
-- parameters: last_id (of the page before, 0 for the first)
-- of the next fifty videos the last id, and those whose counters are not what the rows say, separated by commas. One statement sees counters and rows of one
-- moment, and every change moves both at once: while likes are applied, none of them looks wrong.
SELECT MAX(page.id) AS last_id, GROUP_CONCAT(IF(page.likes_count = page.likes AND page.popularity = page.likes + page.comments, NULL, page.id)) AS wrong
FROM (SELECT v.id, v.likes_count, v.popularity,
             (SELECT COUNT(*) FROM likes l WHERE l.video_id = v.id) AS likes,
             (SELECT COUNT(*) FROM comments c WHERE c.video_id = v.id AND c.deleted_at IS NULL) AS comments
      FROM videos v
      WHERE v.id > :#${variable.last_id}
      ORDER BY v.id
      LIMIT 50) AS page
