-- used by: repair-video
-- parameters: video_id
-- changes nothing if the counters are right. It must not be the statement that locks the row, for it counts what was there when it began.
UPDATE videos v
SET v.likes_count = (SELECT COUNT(*) FROM likes l WHERE l.video_id = v.id),
    v.popularity = (SELECT COUNT(*) FROM likes l WHERE l.video_id = v.id)
                 + (SELECT COUNT(*) FROM comments c WHERE c.video_id = v.id AND c.deleted_at IS NULL)
WHERE v.id = :#${variable.video_id}
  AND (v.likes_count <> (SELECT COUNT(*) FROM likes l WHERE l.video_id = v.id)
       OR v.popularity <> v.likes_count + (SELECT COUNT(*) FROM comments c WHERE c.video_id = v.id AND c.deleted_at IS NULL))
