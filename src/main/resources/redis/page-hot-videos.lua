-- used by: feed-list-by-popularity
-- KEYS[1] the prefix of the keys; ARGV[1] the names of the minutes that count, the last one first; ARGV[2] where the page begins; ARGV[3] its length
-- the sums of these minutes are kept under the name of the last one, unchanged as long as they are paged, for ten minutes after each page
-- returns the page as JSON array of ids; nothing when no video is hot
local snapshot = KEYS[1] .. ':merge:1m:' .. string.match(ARGV[1], '%d+')
if redis.call('EXPIRE', snapshot, 600) == 0 then
  local minutes = {}
  for minute in string.gmatch(ARGV[1], '%d+') do
    table.insert(minutes, KEYS[1] .. ':1m:' .. minute)
  end
  if redis.call('ZUNIONSTORE', snapshot, #minutes, unpack(minutes)) == 0 then
    return nil
  end
  redis.call('EXPIRE', snapshot, 600)
end
return '[' .. table.concat(redis.call('ZREVRANGE', snapshot, ARGV[2], ARGV[2] + ARGV[3] - 1), ',') .. ']'
