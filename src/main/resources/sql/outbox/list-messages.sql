-- used by: outbox-send
-- the oldest that nobody is sending, held until the transaction ends; create_time in milliseconds since 1970; file_name only of a file to process
SELECT id AS message_id, event_id, event_type, video_id,
       TIMESTAMPDIFF(MICROSECOND, '1970-01-01', create_time) DIV 1000 AS create_time,
       CONCAT(LEFT(DATE_FORMAT(create_time, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z') AS occurred_at,
       (SELECT f.file_name FROM video_files f WHERE f.video_id = outbox_msgs.video_id) AS file_name
FROM outbox_msgs
WHERE status = 'pending'
ORDER BY id
LIMIT 100
FOR UPDATE SKIP LOCKED
