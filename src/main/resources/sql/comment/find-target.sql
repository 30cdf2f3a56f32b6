-- used by: comment-publish
-- parameters: body (video_id), account_id, token_id
-- one row if the token is the one handed out last: whether the video is there, new ids for the events of a comment, and when it would be accepted, in
-- milliseconds since 1970
SELECT v.id IS NOT NULL AS found, v.id AS video_id, REPLACE(UUID(), '-', '') AS event_id, REPLACE(UUID(), '-', '') AS popularity_event_id,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS accepted_at
FROM accounts a
LEFT JOIN videos v ON v.id = :#${body[video_id]}
WHERE a.id = :#${variable.account_id} AND a.token = :#${variable.token_id}
