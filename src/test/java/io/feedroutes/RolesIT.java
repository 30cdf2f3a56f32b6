package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** The parts of the application that scale apart. */
class RolesIT {

    @Nested
    @FeedTest
    @TestPropertySource(properties = "feed.role=api")
    @DirtiesContext
    class Api {

        @Test
        void answersRequestsAndConsumesNothingButItsOwnQueue(@Autowired Feed feed, @Autowired CamelContext camel) {
            feed.get("/healthz").isOk();
            feed.someone().publishes("a title");
            assertThat(sources(camel)).containsExactlyInAnyOrder("rest-openapi", "rabbit-batch", "timer");
            assertThat(consumers(camel))
                    .allSatisfy(route -> assertThat(route).matches("notification-live-.*|queue-watch|part-watch"));
        }
    }

    @Nested
    @FeedTest
    @TestPropertySource(properties = "feed.role=worker")
    @DirtiesContext
    class Worker {

        @Test
        void consumesAndAnswersNoRequest(@Autowired Feed feed, @Autowired CamelContext camel) {
            assertThat(feed.get("/healthz").status()).isEqualTo(404);
            assertThat(feed.post("/video/getDetail", "{\"id\":1}").status()).isEqualTo(404);
            assertThat(sources(camel)).contains("rabbit-batch", "timer").doesNotContain("rest-openapi");
        }
    }

    private static List<String> consumers(CamelContext camel) {
        return camel.getRoutes().stream()
                .filter(route -> "consumer".equals(route.getGroup()))
                .map(Route::getRouteId)
                .toList();
    }

    /** What the routes start from, but for calls from other routes. */
    private static List<String> sources(CamelContext camel) {
        return camel.getRoutes().stream()
                .map(Route::getEndpoint)
                .map(endpoint -> endpoint.getEndpointUri().replaceAll(":.*", ""))
                .filter(scheme -> !scheme.equals("direct"))
                .distinct()
                .toList();
    }
}
