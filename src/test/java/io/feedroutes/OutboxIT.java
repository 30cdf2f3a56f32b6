package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** How the publication of a video gets from the database to the broker. */
@FeedTest
class OutboxIT {

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    private String sent;

    @BeforeEach
    void copyWhatIsSent() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(database.queryForObject("SELECT COUNT(*) FROM outbox_msgs", Long.class))
                        .isZero());
        sent = broker.copyOf("video.timeline.events");
    }

    @Test
    void aPublishedVideoIsSentWithTheTimeThatIsStored() {
        Video video = feed.someVideo();
        Message message = broker.take(sent);
        JsonNode event = broker.body(message);
        Instant created = Instant.parse(video.detail().get("create_time").asText());
        assertThat(event.fieldNames())
                .toIterable()
                .containsExactly("event_id", "video_id", "create_time", "occurred_at");
        assertThat(event.get("video_id").asLong()).isEqualTo(video.id());
        assertThat(event.get("create_time").asLong()).isEqualTo(created.toEpochMilli());
        assertThat(event.get("occurred_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[.]\\d{3}Z");
        assertThat(Instant.parse(event.get("occurred_at").asText())).isEqualTo(created);
        assertThat(message.getMessageProperties().getMessageId())
                .isEqualTo(event.get("event_id").asText())
                .matches("[0-9a-f]{32}");
        assertThat(message.getMessageProperties().getContentType()).isEqualTo("application/json");
        assertThat(message.getMessageProperties().getHeaders()).isEmpty();
    }

    @Test
    void whatTheBrokerHasConfirmedIsRemoved() {
        Video video = feed.someVideo();
        assertThat(broker.take(sent)).isNotNull();
        await().untilAsserted(() -> assertThat(waiting(video)).isZero());
    }

    @Test
    void withTheBrokerDownVideosAreStoredAndSentWhenItIsBack() {
        FeedServices.get().broker().down();
        Video video = feed.someVideo();
        await().during(Duration.ofSeconds(2)).until(() -> waiting(video) == 1);
        FeedServices.get().broker().up();
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(waiting(video)).isZero());
        assertThat(idsOf(broker.takeAll(sent))).contains(video.id());
    }

    @Test
    void whatTheBrokerHasTakenButNotConfirmedIsSentAgainAsTheSameEvent() {
        FeedServices.get().broker().answersWithheld();
        Video video = feed.someVideo();
        await().during(Duration.ofSeconds(2)).until(() -> waiting(video) == 1);
        FeedServices.get().broker().down();
        FeedServices.get().broker().up();
        List<Message> messages = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            messages.addAll(broker.takeAll(sent));
            assertThat(waiting(video)).isZero();
            assertThat(messages).hasSizeGreaterThan(1);
        });
        assertThat(messages)
                .allSatisfy(message -> assertThat(broker.body(message)).isEqualTo(broker.body(messages.get(0))));
    }

    @Test
    void whatAnotherNodeIsSendingIsLeftToIt(@Autowired CamelContext camel) throws Exception {
        camel.getRouteController().stopRoute("outbox-relay");
        Video held = feed.someVideo();
        database.execute((Connection other) -> {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("SELECT * FROM outbox_msgs WHERE video_id = " + held.id() + " FOR UPDATE");
                camel.getRouteController().startRoute("outbox-relay");
                Video free = feed.someVideo();
                assertThat(idsOf(List.of(broker.take(sent)))).containsExactly(free.id());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                other.rollback();
                other.setAutoCommit(true);
            }
            return null;
        });
        assertThat(idsOf(List.of(broker.take(sent)))).containsExactly(held.id());
    }

    @Test
    void aLongOutboxIsSentWhole() {
        Video video = feed.someVideo();
        List<String> waiting = IntStream.range(0, 350)
                .mapToObj(i -> "event-%d-%d".formatted(video.id(), i))
                .toList();
        waiting.forEach(event -> database.update("""
                INSERT INTO outbox_msgs (event_id, video_id, event_type, create_time, status)
                SELECT ?, id, 'video_published', create_time, 'pending' FROM videos WHERE id = ?""", event, video.id()));
        List<String> arrived = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            broker.takeAll(sent)
                    .forEach(message ->
                            arrived.add(broker.body(message).get("event_id").asText()));
            assertThat(arrived)
                    .filteredOn(event -> event.startsWith("event-"))
                    .containsExactlyInAnyOrderElementsOf(waiting);
        });
    }

    private long waiting(Video video) {
        return database.queryForObject("SELECT COUNT(*) FROM outbox_msgs WHERE video_id = ?", Long.class, video.id());
    }

    private List<Long> idsOf(List<Message> messages) {
        return messages.stream()
                .map(message -> broker.body(message).get("video_id").asLong())
                .toList();
    }
}
