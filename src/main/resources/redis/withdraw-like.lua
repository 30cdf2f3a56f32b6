-- used by: like-withdraw
-- KEYS[1] the last accepted operation of one (account, video) pair; ARGV[1] when the operation to withdraw was accepted
-- forgets the operation if none was accepted after it
local accepted = redis.call('GET', KEYS[1])
if accepted and string.match(accepted, '%d (%d+)') == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
