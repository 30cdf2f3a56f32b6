-- used by: comment-delete
-- parameters: comment_id, account_id, token_id, event_id (of a request with a key, or none)
-- one row if the session of the token has not ended: whether the comment is there and the account's own, its video, ids for the events of its deletion, and
-- when that would be accepted; times in milliseconds since 1970. However often a comment is deleted, its popularity event is the same.
SELECT known.*, 1 AS state, COALESCE(:#${variable.event_id}, REPLACE(UUID(), '-', '')) AS event_id, MD5(CONCAT('comment.delete ', known.comment_id)) AS popularity_event_id,
       CAST(GREATEST(known.now, known.changed_at + 1) AS SIGNED) AS accepted_at
FROM (SELECT c.id IS NOT NULL AS found, c.id AS comment_id, c.video_id, c.author_id = a.id AS own,
             TIMESTAMPDIFF(MICROSECOND, '1970-01-01', c.created_at) DIV 1000 AS changed_at,
             TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now
      FROM accounts a
      LEFT JOIN comments c ON c.id = :#${variable.comment_id} AND c.deleted_at IS NULL
      WHERE a.id = :#${variable.account_id} AND a.token = :#${variable.token_id}) AS known
