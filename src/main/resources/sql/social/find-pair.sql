-- used by: social-find-pair
-- parameters: vlogger_id, account_id, wanted (the state that is asked for: 1 following, 0 not following)
-- one row if the account exists: what the database knows of the pair, a new id for its event, and when an operation that changes it would be accepted, 0 if it
-- changes nothing; times in milliseconds since 1970
SELECT known.*, REPLACE(UUID(), '-', '') AS event_id,
       IF(known.state = :#${variable.wanted}, 0, GREATEST(known.now, known.changed_at + 1)) AS accepted_at
FROM (SELECT COALESCE(s.following, 0) AS state,
             COALESCE(CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000), 0) AS changed_at,
             TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now
      FROM accounts a
      LEFT JOIN social_states s ON s.vlogger_id = a.id AND s.follower_id = :#${variable.account_id}
      WHERE a.id = :#${variable.vlogger_id}) AS known
