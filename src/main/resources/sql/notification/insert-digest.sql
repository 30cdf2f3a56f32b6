-- used by: notification-digest-apply-events
-- parameters: first_id (of the notification of the first like in the window), window_seconds
-- idempotent by event_id, which follows from first_id. Nobody else liked the video in the window: no row. A first like that an earlier digest
-- counts already, because it was delivered again: none either.
INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, content, created_at)
SELECT CONCAT('digest-', :#${variable.first_id}), f.recipient_id, f.sender_id, 'digest', f.target_id,
       CONCAT(a.username, ' 和另外 ', COUNT(DISTINCT o.sender_id), ' 人点赞了你的视频'), MAX(o.created_at)
FROM notifications f
JOIN accounts a ON a.id = f.sender_id
JOIN notifications o ON o.target_id = f.target_id AND o.type = 'like' AND o.sender_id <> f.sender_id
                    AND o.created_at BETWEEN f.created_at AND f.created_at + INTERVAL :#${variable.window_seconds} SECOND
LEFT JOIN notifications d ON d.target_id = f.target_id AND d.type = 'digest' AND d.created_at >= f.created_at
WHERE f.id = :#${variable.first_id} AND d.id IS NULL
GROUP BY f.id, f.recipient_id, f.sender_id, f.target_id, a.username
ON DUPLICATE KEY UPDATE event_id = notifications.event_id
