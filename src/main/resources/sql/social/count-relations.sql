-- used by: social-count
-- parameters: wanted_id, follower_id, script_result (JSON array of what was accepted lately of follower_id: vlogger id, state and changed_at in milliseconds
-- since 1970; or null)
-- one row if the account exists, served by idx_social_states_vlogger and idx_social_states_follower. What was accepted may not be stored yet; of a pair that
-- both know the later operation counts.
SELECT a.id AS wanted_id,
       CAST((SELECT COUNT(*) FROM social_states WHERE vlogger_id = a.id AND following = 1) + COALESCE(changed.followers, 0) AS SIGNED) AS follower_count,
       CAST((SELECT COUNT(*) FROM social_states WHERE follower_id = a.id AND following = 1) + COALESCE(changed.vloggers, 0) AS SIGNED) AS vlogger_count
FROM accounts a
LEFT JOIN (SELECT SUM(IF(j.id = :#${variable.wanted_id}, j.state - COALESCE(s.following, 0), 0)) AS followers,
                  SUM(IF(:#${variable.follower_id} = :#${variable.wanted_id}, j.state - COALESCE(s.following, 0), 0)) AS vloggers
           FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
                  id         BIGINT UNSIGNED PATH '$.id',
                  state      TINYINT         PATH '$.state',
                  changed_at BIGINT          PATH '$.changed_at')) AS j
           LEFT JOIN social_states s ON s.vlogger_id = j.id AND s.follower_id = :#${variable.follower_id}
           WHERE j.changed_at >= COALESCE(CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000), 0)) AS changed ON TRUE
WHERE a.id = :#${variable.wanted_id}
