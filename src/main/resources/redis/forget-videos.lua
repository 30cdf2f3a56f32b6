-- used by: video-forget
-- KEYS[1] the prefix of the keys; ARGV[1] JSON array of events with a video_id
for _, event in ipairs(cjson.decode(ARGV[1])) do
  redis.call('DEL', string.format('%s:id=%.0f', KEYS[1], event.video_id))
end
return 0
