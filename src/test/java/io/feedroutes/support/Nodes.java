package io.feedroutes.support;

import io.feedroutes.FeedRoutesApplication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** More nodes of the application, beside the one under test and with the same services. */
@TestComponent
public final class Nodes {

    private static final List<String> SHARED = List.of(
            "spring.rabbitmq.host",
            "spring.rabbitmq.port",
            "spring.rabbitmq.username",
            "spring.rabbitmq.password",
            "spring.rabbitmq.virtual-host",
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.datasource.password",
            "spring.data.redis.host",
            "spring.data.redis.port",
            "spring.data.redis.database",
            "feed.jwt-secret",
            "feed.uploads-directory",
            "feed.rate-limit.enabled");

    private final Environment environment;
    private final List<ConfigurableApplicationContext> started = new ArrayList<>();

    Nodes(Environment environment) {
        this.environment = environment;
    }

    /** Starts a node with properties of its own, such as {@code feed.role=api}. {@link #stopAll()} stops it. */
    public ConfigurableApplicationContext start(String... properties) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "server.port",
                0,
                "management.server.port",
                0,
                "camel.main.jmx-enabled",
                false,
                "spring.jmx.enabled",
                false,
                "feed.stop-pause",
                "0s"));
        SHARED.stream()
                .filter(environment::containsProperty)
                .forEach(name -> all.put(name, environment.getProperty(name)));
        for (String property : properties) {
            all.put(property.split("=", 2)[0], property.split("=", 2)[1]);
        }
        StandardEnvironment node = new StandardEnvironment();
        node.getPropertySources().addFirst(new MapPropertySource("node", all));
        started.add(new SpringApplicationBuilder(FeedRoutesApplication.class)
                .environment(node)
                .run());
        return started.get(started.size() - 1);
    }

    /** Stops all that were started. */
    public void stopAll() {
        started.forEach(ConfigurableApplicationContext::close);
        started.clear();
    }
}
