package io.feedroutes.redis;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Variable;
import org.springframework.boot.autoconfigure.data.redis.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;

/** Runs the Lua scripts of {@code src/main/resources/redis}: the camel-spring-redis component has no command for scripts. */
@Component("redisScripts")
public final class RedisScripts {

    private final StringRedisTemplate redis;
    private final Map<String, RedisScript<String>> scripts = new ConcurrentHashMap<>();

    RedisScripts(StringRedisTemplate redis) {
        this.redis = redis;
    }

    /** Commands are refused while Redis is away. Lettuce would keep them, and send them when nobody expects it any more. */
    @Bean
    static LettuceClientOptionsBuilderCustomizer refuseWhileAway() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    /**
     * Runs a script.
     *
     * @param script the name of its file, without {@code .lua}
     * @param keys KEYS, which must be in one slot of a Redis Cluster
     * @param arguments ARGV
     * @return the text that the script returns; null for nothing
     */
    public String run(
            @Variable("script") String script,
            @Variable("script_keys") List<String> keys,
            @Variable("script_arguments") List<?> arguments) {
        return redis.execute(
                scripts.computeIfAbsent(script, RedisScripts::read),
                keys,
                arguments.stream().map(String::valueOf).toArray());
    }

    /** Of a script that is a file, Spring asks before each use whether it has changed. */
    private static RedisScript<String> read(String script) {
        String text = RedisScript.of(new ClassPathResource("redis/" + script + ".lua"))
                .getScriptAsString();
        return RedisScript.of(text, String.class);
    }
}
