package io.feedroutes.messaging;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Variable;
import org.springframework.stereotype.Component;

/** Writes the minutes that a hot score is of. */
@Component("timestamps")
public final class Timestamps {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMddHHmm").withZone(ZoneOffset.UTC);

    /** @return the sixty minutes up to a time in seconds since 1970 as Redis keys name them, UTC, the last one first, with spaces between */
    public String hour(@Variable("as_of") long seconds) {
        return Stream.iterate(Instant.ofEpochSecond(seconds), minute -> minute.minusSeconds(60))
                .limit(60)
                .map(MINUTE::format)
                .collect(Collectors.joining(" "));
    }
}
