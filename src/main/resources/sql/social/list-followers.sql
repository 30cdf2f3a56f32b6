-- used by: social-get-all-followers
-- parameters: wanted_id
-- the newest first, served by idx_social_states_vlogger
SELECT a.id, a.username, NULLIF(a.avatar_url, '') AS avatar_url, NULLIF(a.bio, '') AS bio
FROM social_states s
JOIN accounts a ON a.id = s.follower_id
WHERE s.vlogger_id = :#${variable.wanted_id} AND s.following = 1
ORDER BY s.changed_at DESC, s.follower_id DESC
LIMIT 200
