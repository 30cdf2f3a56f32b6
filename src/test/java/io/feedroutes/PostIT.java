package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.MessagePropertiesBuilder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** The post platform: posts are accepted at once and stored when the database can. */
@FeedTest
class PostIT {

    private static final String PARKED = "post_queue.dlq";

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    private String title;

    @BeforeEach
    void aTitleOfItsOwn() {
        title = "title-" + UUID.randomUUID();
        broker.takeAll(PARKED);
    }

    @Test
    void aPostIsStoredAsItsEvent() {
        Answer answer = submit(title).isOk();
        assertThat(answer.text()).isEqualTo("{\"message\":\"Post submitted successfully\"}");
        String event = answer.headers().firstValue("X-Event-Id").orElseThrow();
        assertThat(event).matches("[0-9a-f]{32}");
        await().untilAsserted(() -> assertThat(eventsOf(title)).containsExactly(event));
    }

    @Test
    void aPostIsSentAsThePlatformSendsIt(@Autowired CamelContext camel) throws Exception {
        try (AutoCloseable stopped = Routes.stop(camel, "post-apply")) {
            String content = "\"No room!\", {they} cried, $1; 没有空位";
            Answer answer = feed.post("/posts", Map.of("title", title, "content", content, "author", "alice"));
            Message message = ours(broker.takeAll("post_queue"));
            assertThat(new String(message.getBody(), UTF_8))
                    .isEqualTo("{\"title\":\"%s\",\"content\":\"%s\"}".formatted(title, content.replace("\"", "\\\"")));
            MessageProperties properties = message.getMessageProperties();
            assertThat(properties.getMessageId())
                    .isEqualTo(answer.headers().firstValue("X-Event-Id").orElseThrow());
            assertThat(properties.getContentType()).isEqualTo("application/json");
            assertThat(properties.getReceivedDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
            assertThat(properties.getReceivedExchange()).isEmpty();
            assertThat(properties.getHeaders().keySet()).isSubsetOf("x-delivery-count");
        }
    }

    @Test
    void aPostMayHaveALongTitle() {
        submitAndAwait(title + "很长".repeat(1000));
    }

    @Test
    void aPostIsStoredAsItWasWritten() {
        submitAndAwait(title + "\0 \u2028 \"☕\" \\ \n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"content\":\"c\"}|title is required",
                "{\"title\":\"\",\"content\":\"c\"}|title is required",
                "{\"title\":\"t\"}|content is required",
                "{\"title\":\"t\",\"content\":\"\"}|content is required",
                "{\"title\":1,\"content\":\"c\"}|title",
                "{\"title\":\"t\",\"content\":\"c\"|not valid JSON"
            })
    void aPostThatLacksAFieldIsRefusedWithItsName(String body, String why) {
        feed.post("/posts", body).isRefused(400, why);
    }

    @Test
    void withTheBrokerDownAPostIsStoredDirectly() {
        FeedServices.get().broker().down();
        String event = submit(title).isOk().headers().firstValue("X-Event-Id").orElseThrow();
        assertThat(eventsOf(title)).containsExactly(event);
    }

    @Test
    void withTheDatabaseDownPostsAreAcceptedAndStoredOnceEachWhenItIsBack() {
        FeedServices.get().database().down();
        IntStream.range(0, 50).forEach(i -> submit(title + i).isOk());
        FeedServices.get().database().up();
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(rowsLike(title)).isEqualTo(50));
        assertThat(broker.takeAll(PARKED)).isEmpty();
    }

    @Test
    void withBrokerAndDatabaseDownAPostIsRefusedAndCanBeTriedAgain() {
        FeedServices.get().broker().down();
        FeedServices.get().database().down();
        Answer refused = submit(title).isRefused(503, "not available");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        FeedServices.get().allUp();
        await().until(() -> submit(title + "again").status() == 200);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(rowsLike(title + "again")).isPositive());
        assertThat(eventsOf(title)).isEmpty();
    }

    @Test
    void aMessageThatComesTwiceIsOnePost() {
        List<Message> twice = List.of(message("id-" + title, title), message("id-" + title, title));
        twice.forEach(broker::publish);
        twice.forEach(broker::publish);
        submitAndAwait(title + "after");
        assertThat(eventsOf(title)).containsExactly("id-" + title);
    }

    @Test
    void twoMessagesAreTwoPostsThoughTheirTextsAreTheSame() {
        broker.publish(message("1-" + title, title));
        broker.publish(message("2-" + title, title));
        await().untilAsserted(() -> assertThat(eventsOf(title)).containsExactly("1-" + title, "2-" + title));
    }

    @Test
    void aMessageWithoutAnIdThatIsDeliveredAgainIsOnePost() {
        String body = "{\"title\":\"%s\",\"content\":\"c\"}".formatted(title);
        broker.publish("", "post_queue", body);
        broker.publish("", "post_queue", body);
        submitAndAwait(title + "after");
        assertThat(eventsOf(title)).hasSize(1);
    }

    @Test
    void poisonIsParkedAndEveryOtherMessageOfItsBatchIsStoredAsItself(@Autowired CamelContext camel) throws Exception {
        try (AutoCloseable stopped = Routes.stop(camel, "post-apply")) {
            for (int i = 0; i < 20; i++) {
                if (i == 10) {
                    broker.publish("", "post_queue", "{\"title\":\"" + title);
                }
                broker.publish(message("id-" + title + i, title + i));
            }
        }
        await().untilAsserted(() -> assertThat(rowsLike(title)).isEqualTo(20));
        assertThat(IntStream.range(0, 20))
                .allSatisfy(i -> assertThat(eventsOf(title + i)).containsExactly("id-" + title + i));
        assertThat(new String(broker.take(PARKED).getBody(), UTF_8)).isEqualTo("{\"title\":\"" + title);
    }

    @Test
    void aBatchThatIsTooLargeForOneStatementIsStoredAllTheSame(@Autowired CamelContext camel) throws Exception {
        String tooLong = "x".repeat(200_000);
        try (AutoCloseable stopped = Routes.stop(camel, "post-apply")) {
            IntStream.range(0, 100)
                    .forEach(i -> broker.publish(
                            "", "post_queue", "{\"title\":\"%s%d\",\"content\":\"%s\"}".formatted(title, i, tooLong)));
        }
        await().untilAsserted(() -> assertThat(rowsLike(title)).isEqualTo(100));
        assertThat(broker.takeAll(PARKED)).isEmpty();
    }

    @Test
    void aReaderWhoPagesSeesEachPostOnceThoughPostsArrive() {
        IntStream.range(0, 9).forEach(i -> submitAndAwait(title + i));
        List<String> seen = new ArrayList<>();
        String next = "/posts?limit=3";
        while (seen.size() < 9) {
            JsonNode page = feed.get(next).isOk().json();
            page.get("posts").forEach(post -> seen.add(post.get("title").asText()));
            next = "/posts?limit=3&id_before=" + page.get("next_id_before").asLong();
            submitAndAwait(title + "later" + seen.size());
        }
        assertThat(seen)
                .containsExactlyElementsOf(IntStream.iterate(8, i -> i >= 0, i -> i - 1)
                        .mapToObj(i -> title + i)
                        .toList());
    }

    @Test
    void aListHasTwentyPostsUnlessAskedOtherwise() {
        IntStream.range(0, 21).forEach(i -> submit(title + i).isOk());
        await().untilAsserted(() -> assertThat(rowsLike(title)).isEqualTo(21));
        assertThat(feed.get("/posts").isOk().json().get("posts")).hasSize(20);
        JsonNode more = feed.get("/posts?limit=21").isOk().json();
        assertThat(more.get("posts")).hasSize(21);
        assertThat(more.get("has_more").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=51", "limit=-1", "limit=many", "id_before=0", "id_before=x"})
    void aPageThatCannotBeIsRefused(String page) {
        feed.get("/posts?" + page).isRefused(400, page.replaceFirst("=.*", ""));
    }

    private Answer submit(String title) {
        return feed.post("/posts", Map.of("title", title, "content", "c"));
    }

    private void submitAndAwait(String title) {
        submit(title).isOk();
        await().untilAsserted(() -> assertThat(eventsOf(title)).hasSize(1));
    }

    private static Message message(String id, String title) {
        return MessageBuilder.withBody(
                        "{\"title\":\"%s\",\"content\":\"c\"}".formatted(title).getBytes(UTF_8))
                .andProperties(MessagePropertiesBuilder.newInstance()
                        .setMessageId(id)
                        .setReceivedExchange("")
                        .setReceivedRoutingKey("post_queue")
                        .build())
                .build();
    }

    private Message ours(List<Message> messages) {
        return messages.stream()
                .filter(message -> new String(message.getBody(), UTF_8).contains(title))
                .findFirst()
                .orElseThrow();
    }

    private List<String> eventsOf(String title) {
        return database.queryForList(
                "SELECT event_id FROM posts WHERE title = ? ORDER BY event_id", String.class, title);
    }

    private long rowsLike(String title) {
        return database.queryForObject("SELECT COUNT(*) FROM posts WHERE title LIKE ?", Long.class, title + "%");
    }
}
