-- used by: social-get-all-vloggers
-- parameters: wanted_id
-- the newest first, served by idx_social_states_follower
SELECT a.id, a.username, NULLIF(a.avatar_url, '') AS avatar_url, NULLIF(a.bio, '') AS bio
FROM social_states s
JOIN accounts a ON a.id = s.vlogger_id
WHERE s.follower_id = :#${variable.wanted_id} AND s.following = 1
ORDER BY s.changed_at DESC, s.vlogger_id DESC
LIMIT 200
