-- used by: comment-publish
-- parameters: body (video_id, content), account_id, token_id, event_id (of a request with a key, or none)
-- one row if the session of the token has not ended: whether the video is there, the content without white space around it, ids for a comment and its
-- events, when it would be accepted, in milliseconds since 1970, and the event as JSON, which is shown until the comment is stored
-- The id is one that no other comment gets, larger than any before it, and one that JavaScript can count to. Of a request with a key it is the same each time.
SELECT known.*, 0 AS state, 0 AS changed_at, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', known.time) DIV 1000 AS now,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', known.time) DIV 1000 AS accepted_at,
       JSON_OBJECT('event_id', known.event_id, 'action', 'publish', 'username', known.username, 'video_id', known.video_id, 'author_id', known.author_id,
                   'content', known.content, 'occurred_at', DATE_FORMAT(known.time, '%Y-%m-%dT%H:%i:%s.%fZ'),
                   'popularity_event_id', known.popularity_event_id, 'comment_id', known.comment_id) AS shown
FROM (SELECT v.id IS NOT NULL AS found, v.id AS video_id, COALESCE(CAST(CONV(LEFT(:#${variable.event_id}, 13), 16, 10) AS UNSIGNED), UUID_SHORT() & 9007199254740991) AS comment_id, a.username, a.id AS author_id,
             REGEXP_SUBSTR(:#${body[content]}, '(?s)[^\\t-\\r\\p{Z}](.*[^\\t-\\r\\p{Z}])?') AS content,
             COALESCE(:#${variable.event_id}, REPLACE(UUID(), '-', '')) AS event_id,
             COALESCE(CONCAT(:#${variable.event_id}, '-p'), REPLACE(UUID(), '-', '')) AS popularity_event_id, UTC_TIMESTAMP(3) AS time
      FROM accounts a
      LEFT JOIN videos v ON v.id = :#${body[video_id]}
      WHERE a.id = :#${variable.account_id} AND a.token = :#${variable.token_id}
      LIMIT 1) AS known
