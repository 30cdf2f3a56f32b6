-- used by: repair-minute
-- parameters: minute, video_id
-- makes the row if it is missing, and holds it until the transaction ends
INSERT INTO popularity_minutes (minute, video_id, score, revision, changed_at)
VALUES (:#${variable.minute}, :#${variable.video_id}, 0, 0, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE score = popularity_minutes.score
