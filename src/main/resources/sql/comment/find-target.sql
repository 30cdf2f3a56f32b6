-- used by: comment-publish
-- parameters: body (video_id), account_id, token_id
-- one row if the token is the one handed out last: whether the video is there, new ids for the events of a comment, and the time
SELECT v.id IS NOT NULL AS found, v.id AS video_id, REPLACE(UUID(), '-', '') AS event_id, REPLACE(UUID(), '-', '') AS popularity_event_id,
       DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%fZ') AS occurred_at
FROM accounts a
LEFT JOIN videos v ON v.id = :#${body[video_id]}
WHERE a.id = :#${variable.account_id} AND a.token = :#${variable.token_id}
