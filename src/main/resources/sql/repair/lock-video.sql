-- used by: repair-video
-- parameters: video_id
-- the counters as they are, held until the transaction ends: whoever changes them waits, and what they have changed before is there to be counted
SELECT likes_count, popularity FROM videos WHERE id = :#${variable.video_id} FOR UPDATE
