-- used by: accept-change, problem
-- KEYS[1] the last accepted operation of what it is about, such as an (account, video) pair, as 'state changed_at event_id', and what is shown of it
-- KEYS[2] what was accepted lately, such as by the same account: the last 200 KEYS[1], which list-accepted reads; to withdraw does not need it
-- ARGV[1] the event_id: whoever asks again with the same one gets the same answer
-- ARGV[2] the state that is asked for: 1 or 0; without it the operation is withdrawn, unless another was accepted after it. Both are one script, for
-- of a script that Redis does not know yet an answer is needed; ARGV[3] now; ARGV[4] and ARGV[5] state and changed_at as the database has them;
-- ARGV[6] what is shown until the database has it, JSON; times in milliseconds since 1970
-- returns when the operation was accepted, later than any before it; 0 when it would change nothing
local state, changed_at = ARGV[4], tonumber(ARGV[5])
local accepted = redis.call('GET', KEYS[1])
if accepted then
  local accepted_state, accepted_at, event_id = string.match(accepted, '(%d) (%d+) ?(%S*)')
  if event_id == ARGV[1] then
    return ARGV[2] and accepted_at or tostring(redis.call('DEL', KEYS[1]))
  end
  if changed_at and tonumber(accepted_at) >= changed_at then
    state, changed_at = accepted_state, tonumber(accepted_at)
  end
end
if state == ARGV[2] then
  return '0'
end
local accepted_at = string.format('%.0f', math.max(tonumber(ARGV[3]), changed_at + 1))
-- Without this answer the database refuses what it has already, and what is kept here is wrong: not for long.
local seconds = ARGV[2] == ARGV[4] and 60 or 3600
redis.call('SET', KEYS[1], table.concat({ARGV[2], accepted_at, ARGV[1], ARGV[6]}, ' '), 'EX', seconds)
redis.call('ZADD', KEYS[2], accepted_at, KEYS[1])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -201)
redis.call('EXPIRE', KEYS[2], 3600)
return accepted_at
