-- used by: repair-minute
-- parameters: minute, video_id
-- popularity-repair shows it in Redis, because the revision is new. It must not be the statement that locks the row, for it counts what was there when it began.
UPDATE popularity_minutes m
SET m.score = (SELECT SUM(e.amount) FROM popularity_events e
               WHERE e.counted_at >= m.minute - INTERVAL 5 MINUTE AND e.minute = m.minute AND e.video_id = m.video_id),
    m.revision = m.revision + 1, m.changed_at = UTC_TIMESTAMP(3)
WHERE m.minute = :#${variable.minute} AND m.video_id = :#${variable.video_id}
