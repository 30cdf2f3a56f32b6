-- used by: feed-list-by-popularity
-- parameters: account_id and token_id (of the caller, or null), popularity_before, time_before (RFC 3339) and id_before (of the last
-- video of the page before, or null), limit, skip
-- the most popular videos first, whenever that was; served by idx_videos_popularity_time_id
-- no row for a token whose session has ended
SELECT v.id, v.author_id, v.username, v.title, NULLIF(v.description, '') AS description, v.play_url, v.cover_url,
       TIMESTAMPDIFF(SECOND, '1970-01-01', v.create_time) AS create_time, v.likes_count, l.video_id IS NOT NULL AS is_liked,
       v.popularity AS next_latest_popularity, DATE_FORMAT(v.create_time, '%Y-%m-%dT%H:%i:%s.%fZ') AS next_latest_before, v.id AS next_latest_id_before
FROM videos v
LEFT JOIN likes l ON l.video_id = v.id AND l.account_id = :#${variable.account_id}
WHERE v.popularity <= COALESCE(:#${variable.popularity_before}, 9223372036854775807)
  AND (v.popularity < COALESCE(:#${variable.popularity_before}, 9223372036854775807)
       OR (v.create_time, v.id) < (IF(:#${variable.time_before} LIKE '%Z',
                                      CAST(LEFT(:#${variable.time_before}, CHAR_LENGTH(:#${variable.time_before}) - 1) AS DATETIME(6)),
                                      CONVERT_TZ(CAST(LEFT(:#${variable.time_before}, CHAR_LENGTH(:#${variable.time_before}) - 6) AS DATETIME(6)),
                                                 RIGHT(:#${variable.time_before}, 6), '+00:00')),
                                   :#${variable.id_before}))
  AND (:#${variable.account_id} IS NULL OR EXISTS (SELECT 1 FROM accounts WHERE id = :#${variable.account_id} AND token = :#${variable.token_id}))
ORDER BY v.popularity DESC, v.create_time DESC, v.id DESC
LIMIT :#${variable.limit} OFFSET :#${variable.skip}
