package io.feedroutes.problem;

import org.apache.camel.ExchangeException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/** Says why a message is parked, in one line. */
@Component("causes")
public final class Causes {

    private static final int MAXIMUM_LENGTH = 500;

    /** @return the text of the deepest cause, without line breaks, at most 500 characters */
    public String text(@ExchangeException Throwable failure) {
        String text = String.valueOf(
                        NestedExceptionUtils.getMostSpecificCause(failure).getMessage())
                .replaceAll("\\s+", " ");
        return text.substring(0, Math.min(text.length(), MAXIMUM_LENGTH));
    }
}
