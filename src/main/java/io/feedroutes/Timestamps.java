package io.feedroutes;

import java.time.Instant;
import org.apache.camel.Variable;
import org.springframework.stereotype.Component;

/** Writes times as RFC 3339 has them; the date function of a route makes a formatter for each. */
@Component("timestamps")
public final class Timestamps {

    /** @return a time in milliseconds since 1970 as RFC 3339, UTC */
    public String rfc3339(@Variable("accepted_at") long milliseconds) {
        return Instant.ofEpochMilli(milliseconds).toString();
    }
}
