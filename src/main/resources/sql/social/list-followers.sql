-- used by: social-get-all-followers
-- parameters: wanted_id, follower_id (the caller), script_result (JSON array of what was accepted lately of the caller: vlogger id, state and changed_at in
-- milliseconds since 1970; or null)
-- the newest first, served by idx_social_states_vlogger. What was accepted may not be stored yet; of a pair that both know the later operation counts.
WITH accepted AS (
  SELECT DISTINCT :#${variable.follower_id} AS follower_id, j.state, j.changed_at
  FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
         id         BIGINT UNSIGNED PATH '$.id',
         state      TINYINT         PATH '$.state',
         changed_at BIGINT          PATH '$.changed_at')) AS j
  WHERE j.id = :#${variable.wanted_id})
SELECT f.id, f.username, NULLIF(f.avatar_url, '') AS avatar_url, NULLIF(f.bio, '') AS bio
FROM ((SELECT s.follower_id, s.changed_at
       FROM social_states s
       LEFT JOIN accepted later ON later.follower_id = s.follower_id
                               AND later.changed_at >= CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000)
       WHERE s.vlogger_id = :#${variable.wanted_id} AND s.following = 1 AND later.follower_id IS NULL
       ORDER BY s.changed_at DESC, s.follower_id DESC
       LIMIT 200)
      UNION ALL
      SELECT a.follower_id, TIMESTAMPADD(MICROSECOND, a.changed_at * 1000, '1970-01-01')
      FROM accepted a
      LEFT JOIN social_states later ON later.vlogger_id = :#${variable.wanted_id} AND later.follower_id = a.follower_id
                                   AND CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', later.changed_at) / 1000) > a.changed_at
      WHERE a.state = 1 AND later.follower_id IS NULL) AS following
JOIN accounts f ON f.id = following.follower_id
ORDER BY following.changed_at DESC, following.follower_id DESC
LIMIT 200
