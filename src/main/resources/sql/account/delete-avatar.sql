-- used by: account-show-avatar
-- parameters: avatar_before (its path, or none)
DELETE FROM uploads WHERE file_name = SUBSTRING(:#${variable.avatar_before}, 2)
