-- used by: like-remove
DELETE FROM likes
