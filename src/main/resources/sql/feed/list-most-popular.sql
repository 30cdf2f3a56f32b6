-- used by: feed-find-popular-page
-- parameters: popularity_before, time_before (RFC 3339) and id_before (of the last video of the page before, or null), limit, skip
-- the most popular videos first, whenever that was; served by idx_videos_popularity_time_id
SELECT id, popularity
FROM videos
WHERE popularity <= COALESCE(:#${variable.popularity_before}, 9223372036854775807)
  AND (popularity < COALESCE(:#${variable.popularity_before}, 9223372036854775807)
       OR (create_time, id) < (IF(:#${variable.time_before} LIKE '%Z',
                                  CAST(LEFT(:#${variable.time_before}, CHAR_LENGTH(:#${variable.time_before}) - 1) AS DATETIME(6)),
                                  CONVERT_TZ(CAST(LEFT(:#${variable.time_before}, CHAR_LENGTH(:#${variable.time_before}) - 6) AS DATETIME(6)),
                                             RIGHT(:#${variable.time_before}, 6), '+00:00')),
                               :#${variable.id_before}))
ORDER BY popularity DESC, create_time DESC, id DESC
LIMIT :#${variable.limit} OFFSET :#${variable.skip}
