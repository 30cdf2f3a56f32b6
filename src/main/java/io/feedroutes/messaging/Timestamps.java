package io.feedroutes.messaging;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Variable;
import org.springframework.stereotype.Component;

/** Writes times as events and keys have them; the date function of a route makes a formatter for each. */
@Component("timestamps")
public final class Timestamps {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMddHHmm").withZone(ZoneOffset.UTC);
    private static final int MINUTES = 60;

    /** Nearly all requests of a minute ask for the same hour. */
    private volatile Hour lastHour = new Hour(-1, "");

    private record Hour(long end, String minutes) {}

    /** @return a time in milliseconds since 1970 as RFC 3339, UTC */
    public String rfc3339(@Variable("accepted_at") long milliseconds) {
        return Instant.ofEpochMilli(milliseconds).toString();
    }

    /** @return the sixty minutes up to a time in seconds since 1970 as Redis keys name them, UTC, the last one first, with spaces between */
    public String hour(@Variable("as_of") long seconds) {
        Hour hour = lastHour;
        if (hour.end != seconds) {
            hour = new Hour(seconds, minutesUpTo(seconds));
            lastHour = hour;
        }
        return hour.minutes;
    }

    private static String minutesUpTo(long seconds) {
        return Stream.iterate(Instant.ofEpochSecond(seconds), minute -> minute.minusSeconds(60))
                .limit(MINUTES)
                .map(MINUTE::format)
                .collect(Collectors.joining(" "));
    }
}
