-- used by: notification-digest-apply-events
-- KEYS the window of each like, in the order of ARGV[1]; ARGV[1] JSON array of messages of notification.live; ARGV[2] seconds of a window, below 2 for none
-- opens a window for the first like of each video that has none; returns those likes as a JSON array of {id}, and the same ones when a message comes again
local likes, first = 0, {}
if tonumber(ARGV[2]) >= 2 then
  for _, message in ipairs(cjson.decode(ARGV[1])) do
    for _, notification in ipairs(message.notifications) do
      if notification.type == 'like' then
        likes = likes + 1
        local window, id = KEYS[likes], string.format('%.0f', notification.id)
        if redis.call('SET', window, id, 'NX', 'EX', ARGV[2]) or redis.call('GET', window) == id then
          table.insert(first, '{"id":' .. id .. '}')
        end
      end
    end
  end
end
return '[' .. table.concat(first, ',') .. ']'
