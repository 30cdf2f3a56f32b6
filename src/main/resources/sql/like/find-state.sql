-- used by: like-is-liked
-- parameters: video_id, account_id, accepted (the last accepted operation as Redis has it, 'liked changed_at …', or null)
-- Redis may be behind the database, too: the later of the two operations counts
SELECT IF(SUBSTRING(r.accepted, 3) + 0 >= COALESCE(CEIL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', s.changed_at) / 1000), 0),
          LEFT(r.accepted, 1), COALESCE(s.liked, 0)) + 0 AS liked
FROM (SELECT :#${variable.accepted} AS accepted) AS r
LEFT JOIN like_states s ON s.video_id = :#${variable.video_id} AND s.account_id = :#${variable.account_id}
