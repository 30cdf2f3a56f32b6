-- used by: notification-digest-insert
-- parameters: body (JSON array of {id}, the notification of the first like in each window); a property says how long a window is
-- idempotent by event_id, which follows from id. Nobody else liked the video in the window: no row. Likes may arrive in another order than
-- they happened, so that the first to arrive need not be the oldest. What an earlier digest counts is not counted again.
INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, content, created_at)
SELECT CONCAT('digest-', f.id), f.recipient_id, f.sender_id, 'digest', f.target_id,
       CONCAT(a.username, ' 和另外 ', COUNT(DISTINCT o.sender_id), ' 人点赞了你的视频'), GREATEST(f.created_at, MAX(o.created_at))
FROM JSON_TABLE(:#${bodyAs(String)}, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$.id')) AS w
JOIN notifications f ON f.id = w.id
JOIN accounts a ON a.id = f.sender_id
JOIN notifications o ON o.target_id = f.target_id AND o.type = 'like' AND o.sender_id <> f.sender_id
                    AND o.created_at BETWEEN f.created_at - INTERVAL :#${properties:feed.digest-window-seconds} SECOND
                                         AND f.created_at + INTERVAL :#${properties:feed.digest-window-seconds} SECOND
LEFT JOIN notifications d ON d.target_id = f.target_id AND d.type = 'digest' AND d.created_at >= LEAST(f.created_at, o.created_at)
WHERE d.id IS NULL
GROUP BY f.id, f.recipient_id, f.sender_id, f.target_id, a.username
ON DUPLICATE KEY UPDATE event_id = notifications.event_id
