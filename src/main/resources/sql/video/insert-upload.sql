-- used by: video-chunk-merge, video-upload
-- parameters: upload_path, account_id, url, size, sha256
-- before the file is kept, so that no file is without a row; a row without a file is found by nobody
INSERT INTO uploads (file_name, account_id, url, size, sha256, created_at)
VALUES (TRIM(LEADING '/' FROM :#${variable.upload_path}), :#${variable.account_id}, LEFT(:#${variable.url}, 255),
        :#${variable.size}, :#${variable.sha256}, UTC_TIMESTAMP(3))
