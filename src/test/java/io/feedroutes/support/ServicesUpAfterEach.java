package io.feedroutes.support;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** Ends the outage that a test has made, so that the next test does not inherit it, nor the connections that the outage has broken. */
final class ServicesUpAfterEach implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        FeedServices.get().allUp();
        // The pool does not look at a connection that was used half a second ago.
        SpringExtension.getApplicationContext(context)
                .getBean(HikariDataSource.class)
                .getHikariPoolMXBean()
                .softEvictConnections();
    }
}
