-- used by: video-release
-- parameters: video_id
-- if its play_url is that of an upload, as the uploader was told or without the host
INSERT INTO video_files (video_id, file_name)
SELECT v.id, u.file_name
FROM videos v
JOIN uploads u ON u.file_name = SUBSTRING(v.play_url, LOCATE('static/videos/', v.play_url))
WHERE v.id = :#${variable.video_id} AND v.play_url IN (u.url, CONCAT('/', u.file_name))
