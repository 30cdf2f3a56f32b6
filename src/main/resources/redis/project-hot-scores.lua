-- used by: popularity-repair, popularity-show
-- KEYS the scores and the revisions of one minute after the other, each of which ends with its minute; ARGV[1] JSON array of {minute, video_id, score, revision}
-- sets the scores that are newer than what is there; scores and revisions expire together, two hours after the last change
local places = {}
for place = 1, #KEYS, 2 do
  places[string.match(KEYS[place], '%d+$')] = place
end
for _, row in ipairs(cjson.decode(ARGV[1])) do
  local scores, revisions = KEYS[places[row.minute]], KEYS[places[row.minute] + 1]
  local video = string.format('%.0f', row.video_id)
  if redis.call('ZADD', revisions, 'GT', 'CH', row.revision, video) == 1 then
    redis.call('ZADD', scores, row.score, video)
    redis.call('EXPIRE', scores, 7200)
    redis.call('EXPIRE', revisions, 7200)
  end
end
return '0'
