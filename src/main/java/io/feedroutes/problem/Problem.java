package io.feedroutes.problem;

/** Why a request is refused. A route throws it; the error policy {@code api} answers with its status and text. */
public final class Problem extends RuntimeException {

    private final int status;

    /** @param problem the HTTP status code, a space, and the text that the client reads, such as {@code 404 video not found} */
    public Problem(String problem) {
        super(problem.substring(4), null, false, false);
        this.status = Integer.parseInt(problem, 0, 3, 10);
    }

    /** @return the HTTP status code */
    public int getStatus() {
        return status;
    }
}
