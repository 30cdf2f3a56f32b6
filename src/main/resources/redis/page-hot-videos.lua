-- used by: feed-list-by-popularity
-- KEYS[1] the sums of an hour; the other KEYS the scores of its minutes; ARGV[1] where the page begins; ARGV[2] its length
-- the sums stay unchanged as long as they are paged, for ten minutes after each page
-- returns the page as JSON array of ids; nothing when no video is hot
if redis.call('EXPIRE', KEYS[1], 600) == 0 then
  if redis.call('ZUNIONSTORE', KEYS[1], #KEYS - 1, unpack(KEYS, 2)) == 0 then
    return nil
  end
  redis.call('EXPIRE', KEYS[1], 600)
end
return '[' .. table.concat(redis.call('ZREVRANGE', KEYS[1], ARGV[1], ARGV[1] + ARGV[2] - 1), ',') .. ']'
