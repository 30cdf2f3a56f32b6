package io.feedroutes.contract;

import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Stops the start when no route was found: Camel alone starts with none of them, and reports that it is healthy. */
@Component
final class StartGuard {

    private final ModelCamelContext camel;
    private final String directory;

    StartGuard(CamelContext camel, @Value("${feed.routes-directory}") String directory) {
        this.camel = (ModelCamelContext) camel;
        this.directory = directory;
    }

    /** @throws IllegalStateException when there is no route of the group api or consumer */
    @EventListener(ApplicationReadyEvent.class)
    void routesAreThere() {
        if (camel.getRouteDefinitions().stream()
                .map(RouteDefinition::getGroup)
                .noneMatch(group -> "api".equals(group) || "consumer".equals(group))) {
            throw new IllegalStateException("No routes in " + directory
                    + ": FEED_ROUTES_DIRECTORY must name the folder of the *.camel.yaml files, as file:<path>");
        }
    }
}
