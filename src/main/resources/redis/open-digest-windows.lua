-- used by: notification-digest-apply-events
-- KEYS[1] the prefix of the keys; ARGV[1] JSON array of messages of notification.live; ARGV[2] seconds of a window, below 2 for none
-- opens a window for the first like of each video that has none; returns those likes as a JSON array of {id}, and the same ones when a message comes again
local first = {}
if tonumber(ARGV[2]) >= 2 then
  for _, message in ipairs(cjson.decode(ARGV[1])) do
    for _, notification in ipairs(message.notifications) do
      if notification.type == 'like' then
        local window = string.format('%s:%.0f', KEYS[1], notification.target_id)
        local id = string.format('%.0f', notification.id)
        if redis.call('SET', window, id, 'NX', 'EX', ARGV[2]) or redis.call('GET', window) == id then
          table.insert(first, '{"id":' .. id .. '}')
        end
      end
    end
  end
end
return '[' .. table.concat(first, ',') .. ']'
