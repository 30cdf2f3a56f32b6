package io.feedroutes.support;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** Ends the outage that a test has made, so that the next test does not inherit it, nor the connections that the outage has broken. */
final class ServicesUpAfterEach implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        FeedServices.get().allUp();
        StringRedisTemplate redis =
                SpringExtension.getApplicationContext(context).getBean(StringRedisTemplate.class);
        await().ignoreExceptions().until(() -> redis.hasKey("is connected again") != null);
        // The pool does not look at a connection that was used half a second ago.
        SpringExtension.getApplicationContext(context)
                .getBean(HikariDataSource.class)
                .getHikariPoolMXBean()
                .softEvictConnections();
    }
}
