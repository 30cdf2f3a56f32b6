-- used by: limit-request
-- KEYS[1] the counter of one subject in one window; ARGV[1] requests and seconds of the window, such as 30/60
-- returns 0, or the seconds until the window ends when the request is one too many
local limit, seconds = string.match(ARGV[1], "(%d+)/(%d+)")
local count = redis.call('INCR', KEYS[1])
if count == 1 then
  redis.call('PEXPIRE', KEYS[1], seconds * 1000)
end
if count > tonumber(limit) then
  return tostring(math.max(1, math.ceil(redis.call('PTTL', KEYS[1]) / 1000)))
end
return '0'
