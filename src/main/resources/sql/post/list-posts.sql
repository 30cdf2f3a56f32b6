-- used by: post-list
-- parameters: id_before (the last post of the page before), limit
-- newest first: a post that is stored while somebody pages moves no page
SELECT id, title, content, DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%s.%fZ') AS created_at
FROM posts
WHERE id < :#${variable.id_before}
ORDER BY id DESC
LIMIT :#${variable.limit}
