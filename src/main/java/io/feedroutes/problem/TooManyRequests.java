package io.feedroutes.problem;

/** The rate limit is reached. */
public final class TooManyRequests extends Problem {

    public TooManyRequests(String message) {
        super(429, message);
    }
}
