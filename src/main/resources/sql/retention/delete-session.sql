-- used by: retention-forget
-- parameters: upload_id
-- none is deleted when another node has done it, or when somebody has gone on in the meantime
DELETE FROM upload_sessions
WHERE upload_id = :#${variable.upload_id} AND changed_at < UTC_TIMESTAMP() - INTERVAL 24 HOUR
