package io.feedroutes.support;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Points an application context at the {@link FeedServices}. */
public final class FeedServicesInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        FeedServices services = FeedServices.start(context.getEnvironment());
        TestPropertyValues.of(services.settings().toProperties()).applyTo(context);
    }
}
