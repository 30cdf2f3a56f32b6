-- used by: retention-uploads
-- parameters: none
-- what nobody has gone on with for a day; a file that a crash has left where it would be served is only certain when the upload is complete
SELECT upload_id, CONCAT('/chunks/', upload_id) AS chunks_path, IF(file_hash IS NULL, NULL, upload_path) AS unfinished_path
FROM upload_sessions
WHERE changed_at < UTC_TIMESTAMP() - INTERVAL 24 HOUR
ORDER BY changed_at
LIMIT 1000
