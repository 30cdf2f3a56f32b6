-- used by: accept-change
-- KEYS[1] the last accepted operation of what it is about, such as an (account, video) pair, as 'state changed_at'
-- ARGV[1] the state that is asked for: 1 or 0; ARGV[2] now; ARGV[3] and ARGV[4] state and changed_at as the database has them;
-- times in milliseconds since 1970
-- returns when the operation was accepted, later than any before it; 0 when it would change nothing
local state, changed_at = ARGV[3], tonumber(ARGV[4])
local accepted = redis.call('GET', KEYS[1])
if accepted then
  local accepted_state, accepted_at = string.match(accepted, '(%d) (%d+)')
  if tonumber(accepted_at) >= changed_at then
    state, changed_at = accepted_state, tonumber(accepted_at)
  end
end
if state == ARGV[1] then
  return '0'
end
local accepted_at = math.max(tonumber(ARGV[2]), changed_at + 1)
redis.call('SET', KEYS[1], string.format('%s %.0f', ARGV[1], accepted_at), 'EX', 3600)
return string.format('%.0f', accepted_at)
