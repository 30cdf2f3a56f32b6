package io.feedroutes.problem;

/** What the request names does not exist. */
public final class NotFound extends Problem {

    public NotFound(String message) {
        super(404, message);
    }
}
