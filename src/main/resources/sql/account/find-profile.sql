-- used by: account-get-profile
-- parameters: wanted_id
SELECT COUNT(*) AS video_count, COALESCE(SUM(v.likes_count), 0) AS total_likes,
       (SELECT COUNT(*) FROM socials WHERE vlogger_id = :#${variable.wanted_id}) AS follower_count,
       (SELECT COUNT(*) FROM socials WHERE follower_id = :#${variable.wanted_id}) AS vlogger_count
FROM videos v
WHERE v.author_id = :#${variable.wanted_id}
