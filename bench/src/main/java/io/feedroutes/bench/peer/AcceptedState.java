package io.feedroutes.bench.peer;

import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;

/** The state last accepted for an (account, video) pair, ahead of what the consumer has stored. */
@Component
class AcceptedState {

    private static final RedisScript<Long> ACCEPT = RedisScript.of(new ClassPathResource("accept.lua"), Long.class);

    private final StringRedisTemplate redis;
    private final String secondsToLive;

    AcceptedState(StringRedisTemplate redis, PeerProperties properties) {
        this.redis = redis;
        this.secondsToLive = Long.toString(properties.acceptedTtl().toSeconds());
    }

    /** Whether the like changes the accepted state; one of many concurrent likes of a pair wins. */
    boolean like(long account, long video, boolean likedInSql) {
        return redis.execute(ACCEPT, List.of(key(account, video)), "1", likedInSql ? "1" : "0", secondsToLive) == 1;
    }

    void forget(long account, long video) {
        redis.delete(key(account, video));
    }

    private static String key(long account, long video) {
        return "peer:accepted:" + account + ":" + video;
    }
}
