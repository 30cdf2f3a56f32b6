-- used by: like-is-liked
-- parameters: video_id, account_id, accepted (the last accepted operation as Redis has it, 'liked changed_at', or null)
SELECT COALESCE(LEFT(NULLIF(:#${variable.accepted}, ''), 1), COUNT(*)) + 0 AS liked
FROM likes
WHERE video_id = :#${variable.video_id} AND account_id = :#${variable.account_id}
