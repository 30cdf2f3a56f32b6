-- used by: timeline-apply-events, timeline-repair
-- KEYS[1] the timeline; ARGV[1] JSON array of {video_id, create_time}, create_time in milliseconds since 1970
-- idempotent; of more than 1000 videos the oldest go
-- returns how many claim to be from the future, and would be the newest for ever: they are not shown
local latest = tonumber(redis.call('TIME')[1]) * 1000 + 300000
local refused = 0
for _, video in ipairs(cjson.decode(ARGV[1])) do
  if video.create_time > latest then
    refused = refused + 1
  else
    redis.call('ZADD', KEYS[1], string.format('%.0f', video.create_time), string.format('%.0f', video.video_id))
  end
end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1001)
return tostring(refused)
