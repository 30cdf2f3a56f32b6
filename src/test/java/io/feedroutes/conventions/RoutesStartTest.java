package io.feedroutes.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ActiveProfiles;

/** Camel takes every file of routes, before any service is started for the stories. */
@CamelSpringBootTest
@ActiveProfiles("patterns")
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "feed.jwt-secret=only-for-tests-and-at-least-32-bytes-long",
            "management.server.port=0",
            "spring.flyway.enabled=false",
            // Nothing listens there.
            "spring.rabbitmq.port=1",
            "spring.datasource.url=jdbc:mariadb://localhost:1/feed",
            "spring.data.redis.port=1"
        })
class RoutesStartTest {

    @Test
    void everyRouteOfTheFilesStarts(@Autowired CamelContext camel) {
        assertThat(Project.of(Path.of("")).routes())
                .isNotEmpty()
                .allSatisfy(route -> assertThat(camel.getRouteController().getRouteStatus(route.id()))
                        .as(route.part().says(route.id()))
                        .isEqualTo(ServiceStatus.Started));
    }

    /** Metrics and Hawtio call a route by its id. */
    @Test
    void everyRouteHasANameThatSomebodyGaveIt(@Autowired CamelContext camel) {
        assertThat(camel.getRoutes())
                .extracting(Route::getRouteId)
                .contains("api-dispatch")
                .noneMatch(id -> id.matches("route\\d+"));
    }
}
