package io.feedroutes.problem;

/** The request would change nothing, or takes what somebody else has. */
public final class Conflict extends Problem {

    public Conflict(String message) {
        super(409, message);
    }
}
