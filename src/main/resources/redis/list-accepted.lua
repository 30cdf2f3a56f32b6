-- used by: list-accepted
-- KEYS[1] what was accepted lately, such as by an account: the keys of accept-state, each of which ends with an id. What stands in braces in KEYS[1] stands
-- in each of them, too, so that a Redis Cluster has all of them in one slot
-- returns what is still kept of it as JSON array of {id, state, changed_at, shown}, changed_at in milliseconds since 1970; nothing when nothing was accepted
local keys = redis.call('ZRANGE', KEYS[1], 0, -1)
if #keys == 0 then
  return nil
end
local operations = {}
for place, accepted in ipairs(redis.call('MGET', unpack(keys))) do
  if accepted then
    local state, changed_at, shown = string.match(accepted, '(%d) (%d+) %S+ ?(.*)')
    table.insert(operations, table.concat({'{"id":', string.match(keys[place], '%d+$'), ',"state":', state, ',"changed_at":', changed_at,
      ',"shown":', shown == '' and 'null' or shown, '}'}))
  end
end
return '[' .. table.concat(operations, ',') .. ']'
