package io.feedroutes.http;

import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The operator's page on the management port, {@code /ops}, where also {@code /} and a login lead. It asks the actuator for all that it shows. */
public final class OperatorPage implements WebMvcConfigurer {

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry files) {
        files.addResourceHandler("/ops/**").addResourceLocations("classpath:/ops/");
    }

    @Override
    public void addViewControllers(ViewControllerRegistry views) {
        views.addRedirectViewController("/", "/ops/index.html");
        views.addRedirectViewController("/ops", "/ops/index.html");
        views.addRedirectViewController("/ops/", "/ops/index.html");
    }
}
