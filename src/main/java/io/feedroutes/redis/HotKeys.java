package io.feedroutes.redis;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Variable;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails;
import org.springframework.stereotype.Component;

/** Names the keys of the hot scores, which are by the minute. */
@Component("hotKeys")
public final class HotKeys {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMddHHmm").withZone(ZoneOffset.UTC);
    private static final Pattern MINUTE_OF_A_SCORE = Pattern.compile("\"minute\": ?\"(\\d+)\"");

    private final String prefix;

    /** Others know the name as it is. In a Redis Cluster a hash tag puts all of them into one slot, for a script can touch no other. */
    HotKeys(RedisConnectionDetails redis) {
        prefix = redis.getCluster() == null ? "hot:video" : "{hot:video}";
    }

    /** @return the keys of the scores and of the revisions of each minute in a JSON array of scores */
    public List<String> ofScores(@Variable("scores") String scores) {
        return MINUTE_OF_A_SCORE
                .matcher(scores)
                .results()
                .map(minute -> minute.group(1))
                .distinct()
                .flatMap(minute -> Stream.of(prefix + ":1m:" + minute, prefix + ":1m:revision:" + minute))
                .toList();
    }

    /** @return the key of the sums of the hour up to a time in seconds since 1970, and those of its sixty minutes, UTC, the last one first */
    public List<String> ofHour(@Variable("as_of") long seconds) {
        Instant last = Instant.ofEpochSecond(seconds);
        Stream<String> minutes = Stream.iterate(last, minute -> minute.minusSeconds(60))
                .limit(60)
                .map(minute -> prefix + ":1m:" + MINUTE.format(minute));
        return Stream.concat(Stream.of(prefix + ":merge:1m:" + MINUTE.format(last)), minutes)
                .toList();
    }
}
