package io.feedroutes.problem;

/** The credentials are wrong. */
public final class Unauthorized extends Problem {

    public Unauthorized(String message) {
        super(401, message);
    }
}
