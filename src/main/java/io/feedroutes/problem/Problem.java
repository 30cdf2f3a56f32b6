package io.feedroutes.problem;

/** Why a request is refused. A route throws it; the error policy {@code api} answers with its status and text. */
public abstract class Problem extends RuntimeException {

    private final int status;

    Problem(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** @return the HTTP status code */
    public int getStatus() {
        return status;
    }
}
