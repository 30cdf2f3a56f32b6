-- used by: video-get-detail
-- KEYS[1] the key of a cached video; ARGV[1] who asked for the lease; ARGV[2] the video as JSON
-- kept for as long as it may be wrong: nobody drops it while Redis is away
-- returns 1 when the lease was still there; 0 when the video was dropped since, so that what was read may be old
local lease = 'lock:' .. KEYS[1]
if redis.call('GET', lease) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'EX', 15)
  return tostring(redis.call('DEL', lease))
end
return '0'
