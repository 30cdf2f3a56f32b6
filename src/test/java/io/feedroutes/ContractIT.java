package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The contract as a client can read it. */
@FeedTest
class ContractIT {

    @Autowired
    Feed feed;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/index.html",
                "/docs/contract.js",
                "/docs/schemas/video-id.schema.json",
                "/webjars/swagger-ui/swagger-ui.css",
                "/webjars/swagger-ui/swagger-ui-bundle.js"
            })
    void thePageAndWhatItNeedsAreServed(String path) {
        feed.get(path).isOk();
    }

    @Test
    void theContractIsServedAsTheRoutesHaveIt() {
        assertThat(feed.get("/docs/feed.openapi.yaml").isOk().text()).contains("operationId: like-like");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "application/x-www-form-urlencoded"})
    void aBodyIsJsonWhateverTheClientCallsIt(String type) {
        feed.post("/account/findByUsername", "{\"username\":\"nobody at all\"}", Map.of("Content-Type", type))
                .isRefused(404, "record not found");
    }
}
