package io.feedroutes.problem;

/** The request breaks a rule that its schema cannot say. */
public final class BadRequest extends Problem {

    public BadRequest(String message) {
        super(400, message);
    }
}
