-- used by: social-count
-- parameters: wanted_id
-- one row if the account exists, served by idx_social_states_vlogger and idx_social_states_follower
SELECT (SELECT COUNT(*) FROM social_states WHERE vlogger_id = a.id AND following = 1) AS follower_count,
       (SELECT COUNT(*) FROM social_states WHERE follower_id = a.id AND following = 1) AS vlogger_count
FROM accounts a
WHERE a.id = :#${variable.wanted_id}
