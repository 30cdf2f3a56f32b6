-- used by: video-get-detail
-- KEYS[1] the lease of a cached video; ARGV[1] who asks, unique
-- returns 1 when the lease is given, for as long as the database may take to answer; 0 while another has it
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', 5) then
  return '1'
end
return '0'
