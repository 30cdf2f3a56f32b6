-- used by: social-count
-- parameters: wanted_id (0 for the caller), account_id (the caller)
-- one row if the account exists, served by idx_social_states_vlogger and idx_social_states_follower
SELECT a.id AS wanted_id,
       (SELECT COUNT(*) FROM social_states WHERE vlogger_id = a.id AND following = 1) AS follower_count,
       (SELECT COUNT(*) FROM social_states WHERE follower_id = a.id AND following = 1) AS vlogger_count
FROM accounts a
WHERE a.id = IF(:#${variable.wanted_id} > 0, :#${variable.wanted_id}, :#${variable.account_id})
