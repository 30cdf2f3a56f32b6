-- used by: like-list-my-liked-videos
-- parameters: account_id, script_result (JSON array of what was accepted lately: video id, state and changed_at in milliseconds since 1970; or null)
-- newest like first, served by idx_like_states_account. What was accepted may not be stored yet; of a pair that both know the later operation counts.
WITH accepted AS (
  SELECT DISTINCT j.id, j.state, j.changed_at
  FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
         id         BIGINT UNSIGNED PATH '$.id',
         state      TINYINT         PATH '$.state',
         changed_at BIGINT          PATH '$.changed_at')) AS j)
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       DATE_FORMAT(v.create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS create_time, v.likes_count, v.popularity
FROM ((SELECT s.video_id, s.changed_at
       FROM like_states s
       LEFT JOIN accepted later ON later.id = s.video_id
                               AND later.changed_at >= CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000)
       WHERE s.account_id = :#${variable.account_id} AND s.liked = 1 AND later.id IS NULL
       ORDER BY s.changed_at DESC, s.video_id DESC
       LIMIT 200)
      UNION ALL
      SELECT a.id, TIMESTAMPADD(MICROSECOND, a.changed_at * 1000, '1970-01-01')
      FROM accepted a
      LEFT JOIN like_states later ON later.video_id = a.id AND later.account_id = :#${variable.account_id}
                                 AND CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', later.changed_at) / 1000) > a.changed_at
      WHERE a.state = 1 AND later.video_id IS NULL) AS liked
JOIN videos v ON v.id = liked.video_id
ORDER BY liked.changed_at DESC, liked.video_id DESC
LIMIT 200
