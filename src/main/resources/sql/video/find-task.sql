-- used by: video-process-publish
-- parameters: video_id
-- the fields have the names that Go gives them when its struct has no tags
SELECT video_id AS VideoID, file_name AS FileName
FROM video_files
WHERE video_id = :#${variable.video_id}
