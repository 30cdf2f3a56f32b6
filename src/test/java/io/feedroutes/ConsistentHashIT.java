package io.feedroutes;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.RealBrokerOnly;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;

/** The pattern that needs a plugin of the broker. */
@FeedTest
@RealBrokerOnly(value = "consistent hash exchanges", exchangeType = "x-consistent-hash")
@ActiveProfiles({"patterns", "consistent-hash"})
@DirtiesContext
class ConsistentHashIT {

    private static final int MESSAGES = 10;

    @Autowired
    Feed feed;

    private List<JsonNode> deliveries;

    @BeforeEach
    void messagesOfEightKeysAreWorked() {
        feed.post("/patterns/consistent-hash?keys=a,b,c,d,e,f,g,h&messages=" + MESSAGES, "")
                .isOk();
        await().until(() -> {
            deliveries = StreamSupport.stream(
                            feed.get("/patterns/consistent-hash")
                                    .isOk()
                                    .json()
                                    .get("deliveries")
                                    .spliterator(),
                            false)
                    .toList();
            return deliveries.size() == 8 * MESSAGES;
        });
    }

    @Test
    void theMessagesOfAKeyKeepTheirOrder() {
        Map<String, List<Integer>> numbersByKey = deliveries.stream()
                .collect(groupingBy(
                        ConsistentHashIT::key,
                        mapping(delivery -> delivery.at("/headers/number").asInt(), toList())));
        assertThat(numbersByKey)
                .hasSize(8)
                .allSatisfy((key, numbers) -> assertThat(numbers)
                        .containsExactlyElementsOf(
                                IntStream.range(0, MESSAGES).boxed().toList()));
    }

    @Test
    void messagesOfDifferentKeysAreWorkedAtTheSameTime() {
        assertThat(deliveries).anySatisfy(one -> assertThat(deliveries).anyMatch(other -> beganDuring(one, other)));
    }

    private static boolean beganDuring(JsonNode one, JsonNode other) {
        String began = one.at("/headers/began").asText();
        return !key(one).equals(key(other))
                && began.compareTo(other.at("/headers/began").asText()) > 0
                && began.compareTo(other.get("at").asText()) < 0;
    }

    private static String key(JsonNode delivery) {
        return delivery.get("routing_key").asText();
    }
}
