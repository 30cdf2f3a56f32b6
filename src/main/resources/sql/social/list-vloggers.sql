-- used by: social-get-all-vloggers
-- parameters: wanted_id, script_result (JSON array of what was accepted lately of wanted_id: vlogger id, state and changed_at in milliseconds since 1970;
-- or null)
-- the newest first, served by idx_social_states_follower. What was accepted may not be stored yet; of a pair that both know the later operation counts.
WITH accepted AS (
  SELECT DISTINCT j.id, j.state, j.changed_at
  FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
         id         BIGINT UNSIGNED PATH '$.id',
         state      TINYINT         PATH '$.state',
         changed_at BIGINT          PATH '$.changed_at')) AS j)
SELECT v.id, v.username, NULLIF(v.avatar_url, '') AS avatar_url, NULLIF(v.bio, '') AS bio
FROM ((SELECT s.vlogger_id, s.changed_at
       FROM social_states s
       LEFT JOIN accepted later ON later.id = s.vlogger_id
                               AND later.changed_at >= CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000)
       WHERE s.follower_id = :#${variable.wanted_id} AND s.following = 1 AND later.id IS NULL
       ORDER BY s.changed_at DESC, s.vlogger_id DESC
       LIMIT 200)
      UNION ALL
      SELECT a.id, TIMESTAMPADD(MICROSECOND, a.changed_at * 1000, '1970-01-01')
      FROM accepted a
      LEFT JOIN social_states later ON later.vlogger_id = a.id AND later.follower_id = :#${variable.wanted_id}
                                   AND CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', later.changed_at) / 1000) > a.changed_at
      WHERE a.state = 1 AND later.vlogger_id IS NULL) AS followed
JOIN accounts v ON v.id = followed.vlogger_id
ORDER BY followed.changed_at DESC, followed.vlogger_id DESC
LIMIT 200
