-- used by: like-accept
-- parameters: body (video_id), account_id, token_id, wanted (the state that is asked for: 1 liked, 0 not liked), event_id (of a request with a key, or none)
-- one row if the session of the token has not ended: whether the video is there, what the database knows of the pair, ids for its events, and when an
-- operation that changes it would be accepted, 0 if it changes nothing; times in milliseconds since 1970
SELECT known.*, COALESCE(:#${variable.event_id}, REPLACE(UUID(), '-', '')) AS event_id,
       COALESCE(CONCAT(:#${variable.event_id}, '-p'), REPLACE(UUID(), '-', '')) AS popularity_event_id,
       CAST(IF(known.state = :#${variable.wanted}, 0, GREATEST(known.now, known.changed_at + 1)) AS SIGNED) AS accepted_at
FROM (SELECT v.id IS NOT NULL AS found, v.id AS video_id,
             COALESCE(s.liked, 0) AS state,
             COALESCE(CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000), 0) AS changed_at,
             TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now
      FROM accounts a
      LEFT JOIN videos v ON v.id = :#${body[video_id]}
      LEFT JOIN like_states s ON s.video_id = v.id AND s.account_id = a.id
      WHERE a.id = :#${variable.account_id} AND a.token = :#${variable.token_id}) AS known
