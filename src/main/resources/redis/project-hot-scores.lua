-- used by: popularity-repair, popularity-show
-- ARGV[1] JSON array of {minute, video_id, score, revision}
-- sets the scores that are newer than what is there; scores and revisions expire together, two hours after the last change
for _, row in ipairs(cjson.decode(ARGV[1])) do
  local scores = 'hot:video:1m:' .. row.minute
  local revisions = 'hot:video:1m:revision:' .. row.minute
  local video = string.format('%.0f', row.video_id)
  if redis.call('ZADD', revisions, 'GT', 'CH', row.revision, video) == 1 then
    redis.call('ZADD', scores, row.score, video)
    redis.call('EXPIRE', scores, 7200)
    redis.call('EXPIRE', revisions, 7200)
  end
end
return '0'
