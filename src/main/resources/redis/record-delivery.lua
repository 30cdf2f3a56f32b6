-- used by: patterns-record
-- KEYS[1] the deliveries of a pattern, kept for an hour; ARGV[1] a delivery as JSON
-- returns how many there are, 10,000 at most
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -10000, -1)
redis.call('EXPIRE', KEYS[1], 3600)
return tostring(redis.call('LLEN', KEYS[1]))
