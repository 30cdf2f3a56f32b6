package io.feedroutes.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Variable;
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

    /**
     * Runs a script.
     *
     * @param script the name of its file, without {@code .lua}
     * @param key KEYS[1]
     * @param arguments ARGV
     * @return the text that the script returns; null for nothing
     */
    public String run(
            @Variable("script") String script,
            @Variable("script_key") String key,
            @Variable("script_arguments") List<?> arguments) {
        return redis.execute(
                scripts.computeIfAbsent(script, name -> RedisScript.of(text(name), String.class)),
                List.of(key),
                arguments.stream().map(String::valueOf).toArray());
    }

    /** Of a script that is a file, Spring asks before each use whether it has changed. */
    private static String text(String script) {
        try {
            return new ClassPathResource("redis/" + script + ".lua").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
