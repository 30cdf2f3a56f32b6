-- used by: like-accept
-- KEYS[1] the last accepted operation of one (account, video) pair, as 'liked changed_at'
-- ARGV[1] what is asked for: 1 liked, 0 not liked; ARGV[2] now; ARGV[3] and ARGV[4] liked and changed_at as the database has them;
-- times in milliseconds since 1970
-- returns when the operation was accepted, later than any of the pair before it; 0 when it would change nothing
local liked, changed_at = ARGV[3], tonumber(ARGV[4])
local accepted = redis.call('GET', KEYS[1])
if accepted then
  local accepted_liked, accepted_at = string.match(accepted, '(%d) (%d+)')
  if tonumber(accepted_at) >= changed_at then
    liked, changed_at = accepted_liked, tonumber(accepted_at)
  end
end
if liked == ARGV[1] then
  return 0
end
local accepted_at = math.max(tonumber(ARGV[2]), changed_at + 1)
redis.call('SET', KEYS[1], string.format('%s %.0f', ARGV[1], accepted_at), 'EX', 3600)
return accepted_at
