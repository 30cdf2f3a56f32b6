-- used by: video-forget
-- KEYS[1] the prefix of the keys; ARGV[1] JSON array of events with a video_id, or of tasks, which may spell it as Go does
-- the leases go, too: who is reading the video now may have read it as it was before
for _, event in ipairs(cjson.decode(ARGV[1])) do
  local key = string.format('%s:id=%.0f', KEYS[1], event.video_id or event.VideoID)
  redis.call('DEL', key, 'lock:' .. key)
end
return '0'
