-- used by: comment-list-all
-- parameters: video_id, after_id (the last comment of the page before, 0 for the first page), script_result (JSON array of what was accepted lately on the
-- video: comment id, state, changed_at in milliseconds since 1970, and the comment as it is shown; or null)
-- oldest first, served by idx_comments_video_id; comments of the same millisecond in the order of their ids. What was accepted may not be stored yet.
SELECT listed.id, listed.username, :#${variable.video_id} AS video_id, listed.author_id, listed.content,
       DATE_FORMAT(listed.created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at, listed.event_id
FROM ((SELECT c.id, c.username, c.author_id, c.content, c.created_at, c.event_id
       FROM comments c
       LEFT JOIN comments previous ON previous.id = :#${variable.after_id}
       LEFT JOIN (SELECT DISTINCT j.id
                  FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
                         id    BIGINT UNSIGNED PATH '$.id',
                         state TINYINT         PATH '$.state')) AS j
                  WHERE j.state = 0) AS deleted ON deleted.id = c.id
       WHERE c.video_id = :#${variable.video_id} AND c.deleted_at IS NULL AND deleted.id IS NULL
         AND (:#${variable.after_id} = 0 OR c.created_at > previous.created_at OR c.created_at = previous.created_at AND c.id > previous.id)
       ORDER BY c.created_at, c.id
       LIMIT 200)
      UNION ALL
      SELECT accepted.id, accepted.username, accepted.author_id, accepted.content,
             TIMESTAMPADD(MICROSECOND, accepted.changed_at * 1000, '1970-01-01'), accepted.event_id
      FROM JSON_TABLE(:#${variable.script_result}, '$[*]' COLUMNS (
             id         BIGINT UNSIGNED PATH '$.id',
             state      TINYINT         PATH '$.state',
             changed_at BIGINT          PATH '$.changed_at',
             event_id   VARCHAR(64)     PATH '$.shown.event_id',
             username   VARCHAR(191)    PATH '$.shown.username',
             author_id  BIGINT UNSIGNED PATH '$.shown.author_id',
             content    TEXT            PATH '$.shown.content')) AS accepted
      LEFT JOIN comments stored ON stored.id = accepted.id
      WHERE accepted.state = 1 AND accepted.id > :#${variable.after_id} AND stored.id IS NULL) AS listed
ORDER BY listed.created_at, listed.id
LIMIT 200
