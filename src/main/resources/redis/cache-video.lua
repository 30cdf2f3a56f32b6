-- used by: video-get-detail
-- KEYS[1] the key of a cached video; KEYS[2] its lease; ARGV[1] who asked for the lease; ARGV[2] the video as JSON
-- kept for as long as it may be wrong: nobody drops it while Redis is away
-- returns 1 when the lease was still there; 0 when the video was dropped since, so that what was read may be old
if redis.call('GET', KEYS[2]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'EX', 15)
  return tostring(redis.call('DEL', KEYS[2]))
end
return '0'
