package io.feedroutes.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Stops the start: the key that signs tokens is missing or too short. */
final class MissingSecretException extends RuntimeException {

    MissingSecretException(String message) {
        super(message);
    }

    /** Says it in one line instead of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<MissingSecretException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, MissingSecretException cause) {
            return new FailureAnalysis(cause.getMessage(), "Make one with: openssl rand -base64 48", cause);
        }
    }
}
