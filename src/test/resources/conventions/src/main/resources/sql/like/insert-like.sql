-- used by: somebody
INSERT INTO likes (video_id, account_id) VALUES (:#${variable.video_id}, :#${header.account_id}), (#, :?x) AS new
RETURNING id
