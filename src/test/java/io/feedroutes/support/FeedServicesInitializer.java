package io.feedroutes.support;

import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;

/** Points an application context at the {@link FeedServices}, at a directory for uploads, and at the page of the examples. */
public final class FeedServicesInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** Of this run alone: the accounts of the next run have the same ids. */
    private static final String UPLOADS_DIRECTORY = "target/uploads/" + UUID.randomUUID();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        // A connection that an outage has broken fails once more when the outage is over.
        Awaitility.ignoreExceptionsByDefaultMatching(DataAccessException.class::isInstance);
        FeedServices services = FeedServices.start(context.getEnvironment());
        TestPropertyValues.of(services.settings().toProperties())
                .and("feed.uploads-directory=" + UPLOADS_DIRECTORY)
                .and("spring.web.resources.static-locations=classpath:/static/,file:examples/")
                .applyTo(context);
    }
}
