-- used by: nobody
return redis.call('GET', KEYS[1])
