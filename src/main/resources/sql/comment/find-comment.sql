-- used by: comment-find-own
-- parameters: comment_id, account_id
-- one row if the comment is there: whether it is the account's own, its video, ids for the events of its deletion, and when that would be accepted;
-- times in milliseconds since 1970. However often a comment is deleted, its popularity event is the same.
SELECT known.*, 1 AS state, REPLACE(UUID(), '-', '') AS event_id, MD5(CONCAT('comment.delete ', known.id)) AS popularity_event_id,
       GREATEST(known.now, known.changed_at + 1) AS accepted_at
FROM (SELECT id, video_id, author_id = :#${variable.account_id} AS own,
             TIMESTAMPDIFF(MICROSECOND, '1970-01-01', created_at) DIV 1000 AS changed_at,
             TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000 AS now
      FROM comments
      WHERE id = :#${variable.comment_id} AND deleted_at IS NULL) AS known
