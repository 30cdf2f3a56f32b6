-- used by: video-release
-- parameters: account_id, account_name, and of the request: title, description, play_url, cover_url
INSERT INTO videos (author_id, username, title, description, play_url, cover_url, create_time)
VALUES (:#${variable.account_id}, :#${variable.account_name}, :#${variable.title}, :#${variable.description}, :#${variable.play_url}, :#${variable.cover_url}, UTC_TIMESTAMP(3))
