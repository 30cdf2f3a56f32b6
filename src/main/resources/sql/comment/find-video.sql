-- used by: comment-find-video
-- parameters: video_id
-- one row if the video exists: new ids for the events of a comment, and when it would be accepted, in milliseconds since 1970
SELECT REPLACE(UUID(), '-', '') AS event_id, REPLACE(UUID(), '-', '') AS popularity_event_id,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS accepted_at
FROM videos
WHERE id = :#${variable.video_id}
