package io.feedroutes.faults;

/**
 * What an account has asked for, and what came of it.
 *
 * @param at when it was sent, in milliseconds since the load began
 * @param took milliseconds until the answer, or until the client gave up
 * @param action like, unlike, follow, unfollow, publish or delete
 * @param target a video, an account, or a comment
 * @param text of a comment
 * @param status of the answer; {@link #LOST} and {@link #NOT_SENT} if there was none
 * @param created the comment that was accepted; 0 for none
 * @param retryAfter whether the answer says when to try again
 */
record Operation(
        long at,
        long took,
        long account,
        String action,
        long target,
        String text,
        int status,
        long created,
        boolean retryAfter) {

    /** No answer came: it may have been done, or not. */
    static final int LOST = 0;
    /** There was no connection. */
    static final int NOT_SENT = -1;

    enum Outcome {
        ACCEPTED,
        REFUSED,
        INDETERMINATE
    }

    Outcome outcome() {
        if (status == NOT_SENT || status / 100 == 4) {
            return Outcome.REFUSED;
        }
        return status == 200 ? Outcome.ACCEPTED : Outcome.INDETERMINATE;
    }

    boolean is(Outcome outcome) {
        return outcome() == outcome;
    }

    /** What it changes: account and video, account and account, or a comment. */
    String subject() {
        return switch (action) {
            case "like", "unlike" -> "like %d %d".formatted(account, target);
            case "follow", "unfollow" -> "follow %d %d".formatted(account, target);
            default -> "comment " + text;
        };
    }

    /** The state in which it leaves that, 1 or 0. */
    int wanted() {
        return switch (action) {
            case "like", "follow", "publish" -> 1;
            default -> 0;
        };
    }
}
