-- Compare and set of the state last accepted for one (account, video) pair.
-- KEYS[1] the pair; ARGV[1] the state asked for, ARGV[2] the state in SQL, ARGV[3] seconds to live
local current = redis.call('GET', KEYS[1]) or ARGV[2]
if current == ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return 1
