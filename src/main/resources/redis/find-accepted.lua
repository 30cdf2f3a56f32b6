-- used by: comment-delete
-- KEYS[1] the last accepted operation of accept-state
-- returns the event that is shown of it as JSON array; nothing when there is none
local shown = string.match(redis.call('GET', KEYS[1]) or '', '^1 %d+ %S+ (.+)$')
return shown and '[' .. shown .. ']'
