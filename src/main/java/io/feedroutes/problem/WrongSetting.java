package io.feedroutes.problem;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Stops the start: without the right setting the application could do nothing, or nothing safely. */
public final class WrongSetting extends RuntimeException {

    private final String action;

    /** @param action what the operator is to do */
    public WrongSetting(String message, String action) {
        super(message);
        this.action = action;
    }

    /** Says it in two lines instead of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<WrongSetting> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, WrongSetting cause) {
            return new FailureAnalysis(cause.getMessage(), cause.action, cause);
        }
    }
}
