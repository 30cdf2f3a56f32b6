-- used by: video-insert
-- parameters: account_id, account_name, and the request: title, description, play_url, cover_url
INSERT INTO videos (author_id, username, title, description, play_url, cover_url, create_time)
VALUES (:#${variable.account_id}, :#${variable.account_name}, :#${body[title]}, :#${body[description]}, :#${body[play_url]}, :#${body[cover_url]}, UTC_TIMESTAMP(3))
