-- used by: feed-list-likes-count
-- parameters: likes_before (null for the first page), id_before (the last video of the page before, or null), limit
-- the most liked videos first, served by idx_videos_likes_count_id
SELECT id, likes_count
FROM videos
WHERE likes_count <= COALESCE(:#${variable.likes_before}, 9223372036854775807)
  AND (likes_count < COALESCE(:#${variable.likes_before}, 9223372036854775807) OR id < :#${variable.id_before})
ORDER BY likes_count DESC, id DESC
LIMIT :#${variable.limit}
