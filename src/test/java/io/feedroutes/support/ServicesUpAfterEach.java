package io.feedroutes.support;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Ends the outage that a test has made, so that the next test does not inherit it. */
final class ServicesUpAfterEach implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        FeedServices.get().allUp();
    }
}
