package io.feedroutes.support;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test of the whole application on real services, over real HTTP.
 *
 * <p>All classes that carry it and change nothing else about the context share one application.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "feed.jwt-secret=only-for-tests-and-at-least-32-bytes-long",
            "feed.operator-password=only-for-tests",
            "feed.viewer-password=also-for-tests",
            "feed.rate-limit.enabled=false",
            "feed.hot-score-repair-period=1s",
            "feed.digest-window-seconds=2",
            "feed.retry-delays=0, 1500",
            "management.prometheus.metrics.export.enabled=true"
        })
@ContextConfiguration(initializers = FeedServicesInitializer.class)
@Import({Feed.class, Broker.class, Operator.class, DeadLetterStore.class, Nodes.class})
@ExtendWith(ServicesUpAfterEach.class)
public @interface FeedTest {}
