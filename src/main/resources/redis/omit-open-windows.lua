-- used by: notification-digest-apply-events
-- KEYS[1] the open windows; ARGV[1] JSON array of {id, target_id}, the first like of each video
-- returns those of the array whose video has no open window
local first = {}
for _, like in ipairs(cjson.decode(ARGV[1])) do
  local video = string.format('%.0f', like.target_id)
  if redis.call('HEXISTS', KEYS[1], video) == 0 then
    table.insert(first, string.format('{"id":%.0f,"target_id":%s}', like.id, video))
  end
end
return '[' .. table.concat(first, ',') .. ']'
