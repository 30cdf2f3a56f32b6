package io.feedroutes.problem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a request is refused. A route throws it; the error policy {@code api} answers with its status and text. */
public final class Problem extends RuntimeException {

    private static final Pattern FORM = Pattern.compile("([45]\\d\\d) (.+)", Pattern.DOTALL);

    private final int status;

    /**
     * @param problem the HTTP status code, a space, and the text that the client reads, such as {@code 404 video not found}
     * @throws IllegalArgumentException when it has another form
     */
    public Problem(String problem) {
        this(formOf(problem));
    }

    private Problem(Matcher form) {
        super(form.group(2), null, false, false);
        this.status = Integer.parseInt(form.group(1));
    }

    private static Matcher formOf(String problem) {
        Matcher form = FORM.matcher(problem);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + problem + "' is no problem; write a status code and a text");
        }
        return form;
    }

    /** @return the HTTP status code */
    public int getStatus() {
        return status;
    }
}
