-- used by: comment-list-all
-- parameters: video_id
-- one row if the video exists
SELECT id FROM videos WHERE id = :#${variable.video_id}
