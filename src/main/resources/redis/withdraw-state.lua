-- used by: problem
-- KEYS[1] the last accepted operation of what it is about; ARGV[1] when the operation to withdraw was accepted
-- forgets the operation if none was accepted after it
local accepted = redis.call('GET', KEYS[1])
if accepted and string.match(accepted, '%d (%d+)') == ARGV[1] then
  return tostring(redis.call('DEL', KEYS[1]))
end
return '0'
