-- used by: comment-publish
-- KEYS[1] a comment; ARGV[1] the video that it is on, by which its accepted state is found for as long as accept-state keeps it
redis.call('SET', KEYS[1], ARGV[1], 'EX', 3600)
return '0'
