package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.messaging.QueueWatch;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.DeadLetterStore;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Operator;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.health.Status;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What an operator does with messages that could not be applied. */
@FeedTest
class DeadLettersIT {

    private static final String LATER = "9999-01-01T00:00:00Z";

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    Operator ops;

    @Autowired
    JdbcTemplate database;

    @BeforeEach
    void noDeadLetters(@Autowired DeadLetterStore letters) {
        letters.empty();
    }

    @AfterEach
    void forgetAll(@Autowired DeadLetterStore letters) {
        letters.forget();
    }

    @Test
    void aDeadLetterIsListedByItsCauseAndShownWithItsBody() {
        broker.publish("like.events", "like.like", "{\"event_id\":");
        JsonNode cause = awaitCause(1);
        assertThat(cause.get("error_message").asText()).contains("JSON");
        assertThat(cause.get("oldest").asText())
                .isEqualTo(cause.get("newest").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[.]\\d{3}Z");
        JsonNode letter = ops.show(onlyLetterOf(cause)).isOk().json();
        assertThat(letter.get("body").asText()).isEqualTo("{\"event_id\":");
        assertThat(letter.has("body_base64")).isFalse();
        assertThat(letter.get("queue").asText()).isEqualTo("like.events");
        assertThat(letter.get("origin_routing_key").asText()).isEqualTo("like.like");
        assertThat(letter.get("attempts").asText()).isEqualTo("1");
        assertThat(letter.get("error_class").asText()).endsWith("JsonValidationException");
        assertThat(letter.get("state").asText()).isEqualTo("new");
    }

    @Test
    void aBodyThatIsNoTextIsShownInBase64() {
        broker.publish("", "like.events.dlq", "\u0080");
        database.update("UPDATE dead_letters SET body = 0x80 WHERE id = ?", onlyLetterOf(awaitCause(1)));
        assertThat(ops.show(onlyLetterOf(awaitCause(1)))
                        .isOk()
                        .json()
                        .get("body_base64")
                        .asText())
                .isEqualTo("gA==");
    }

    @Test
    void whatDiffersInIdsAndNumbersOnlyHasOneCause() {
        park("one", "row 7 of 12 is locked. Exchange[12763F2BDD294D8-0000000000000052]");
        park("other", "row 8 of 1 is locked. Exchange[AB763F2BDD294D-000000000000006A]");
        awaitCause(2);
    }

    @Test
    void whatIsDeadOnceIsThereOnceThoughTheBrokerHasItTwice() {
        Instant now = Instant.now();
        park("the same", "a reason", now);
        park("the same", "a reason", now);
        await().until(() -> broker.depth("like.events.dlq") == 2);
        awaitCause(1);
        assertThat(broker.depth("like.events.dlq")).isZero();
    }

    @Test
    void noHeaderThatSomebodyMakesUpKeepsAMessageInTheQueue(@Autowired RabbitTemplate rabbit) {
        rabbit.send(
                "",
                "like.events.dlq",
                MessageBuilder.withBody("{}".getBytes(UTF_8))
                        .setHeader("x-parked-at", "2026-02-31T99:00:00.000Z")
                        .setHeader("x-error-class", "c".repeat(5000))
                        .setHeader("x-error-message", List.of("a", Map.of("b", 1)))
                        .setHeader("x-attempts", new byte[] {0, -1})
                        .build());
        awaitCause(1);
    }

    @Test
    void whatIsReplayedIsAppliedOnceAndSaysByWhom() {
        Video video = feed.someVideo();
        JsonNode cause = park(likes(video, 3));
        ops.show(onlyOneOf(cause)).isOk();
        long operation = accepted(
                ops.asks(
                        "replay",
                        cause.get("cause").asText(),
                        cause.get("newest").asText()),
                3);
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(3)));
        awaitEnd(operation, 3);
        JsonNode ended = ops.operation(operation);
        assertThat(ended.get("operator").asText()).isEqualTo("ops");
        assertThat(ended.get("action").asText()).isEqualTo("replay");
        assertThat(ended.get("selection").asText()).isEqualTo(cause.get("cause").asText());
        assertThat(ended.get("until").asText()).isEqualTo(cause.get("newest").asText());
        assertThat(ended.get("requested_at").asText())
                .isLessThan(ended.get("ended_at").asText());
        assertThat(ops.causeIn("like.events").isMissingNode()).isTrue();
    }

    @Test
    void oneIsReplayedAndTheOthersStay() {
        Video video = feed.someVideo();
        JsonNode cause = park(likes(video, 3));
        long letter = onlyOneOf(cause);
        awaitEnd(accepted(ops.asks("replay", letter, null), 1), 1);
        await().untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
        JsonNode replayed = ops.show(letter).isOk().json();
        assertThat(replayed.get("state").asText()).isEqualTo("replayed");
        assertThat(replayed.get("operator").asText()).isEqualTo("ops");
        assertThat(ops.causeIn("like.events").get("letters").asInt()).isEqualTo(2);
    }

    @Test
    void whatCouldNotBeSentAfterItsDelayIsReplayedToWhereItWasToGo(
            @Autowired ProducerTemplate routes, @Autowired AmqpAdmin admin) {
        String destination = "away-" + UUID.randomUUID();
        routes.request("direct:delay-send", message -> {
            message.getMessage().setBody("late");
            message.setVariable("due_at", System.currentTimeMillis() + 200);
            message.setVariable("delay_exchange", "default");
            message.setVariable("delay_key", destination);
        });
        await().until(() -> !ops.causeIn("delay.due").isMissingNode());
        admin.declareQueue(QueueBuilder.durable(destination).expires(600_000).build());
        awaitEnd(accepted(ops.asks("replay", "all", LATER), 1), 1);
        assertThat(new String(broker.take(destination).getBody(), UTF_8)).isEqualTo("late");
    }

    @Test
    void whatWasReplayedOrDiscardedIsNotReplayedAgain() {
        broker.publish("", "like.events.dlq", "a dead letter");
        long letter = onlyLetterOf(awaitCause(1));
        awaitEnd(accepted(ops.asks("discard", letter, null), 1), 1);
        ops.asks("replay", letter, null).isRefused(404, "no dead letter waits for this");
        ops.asks("discard", letter, null).isRefused(404, "no dead letter waits for this");
        assertThat(ops.list().get("operations")).hasSize(1);
    }

    @Test
    void ofManyReplaysAtOnceOneSendsThem() {
        Video video = feed.someVideo();
        park(likes(video, 20));
        AtOnce.times(5, i -> ops.asks("replay", "all", LATER));
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(20)));
        await().untilAsserted(() -> assertThat(ops.list().get("operations")).allMatch(one -> one.has("ended_at")));
        assertThat(database.queryForObject("SELECT SUM(done) FROM dead_letter_operations", Long.class))
                .isEqualTo(20);
    }

    @Test
    void aNewerUnlikeStandsThoughTheLikeIsReplayed() {
        Account alice = feed.someone();
        Video video = feed.someVideo();
        park(List.of(like(alice.id(), video)));
        alice.likes(video).isOk();
        alice.unlikes(video).isOk();
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(0)));
        JsonNode cause = ops.causeIn("like.events");
        awaitEnd(accepted(ops.asks("replay", cause.get("cause").asText(), LATER), 1), 1);
        Account bob = feed.someone();
        bob.likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.isLikedBy(bob)).isTrue());
        assertThat(video.isLikedBy(alice)).isFalse();
    }

    @Test
    void whatWasParkedAfterTheTimeStays() {
        Instant time = Instant.parse("2026-01-31T23:59:59.123Z");
        park("earlier", "a reason", time);
        park("later", "a reason", time.plusMillis(1));
        JsonNode cause = awaitCause(2);
        awaitEnd(
                accepted(
                        ops.asks(
                                "discard",
                                cause.get("cause").asText(),
                                cause.get("oldest").asText()),
                        1),
                1);
        assertThat(ops.causeIn("like.events").get("letters").asInt()).isEqualTo(1);
        assertThat(ops.causeIn("like.events").get("oldest").asText()).isEqualTo("2026-01-31T23:59:59.124Z");
    }

    @Test
    void whatFailsAgainIsANewLetterThatTheOperationDoesNotMean() {
        IntStream.range(0, 60).forEach(i -> park("poison-" + i, "it was broken", Instant.now(), "{\"event_id\":"));
        awaitCause(60);
        long operation = accepted(ops.asks("replay", "all", LATER), 60);
        awaitEnd(operation, 60);
        JsonNode again = awaitCause(60);
        assertThat(again.get("times_parked").asInt()).isEqualTo(2);
        JsonNode letter = ops.show(onlyOneOf(again)).isOk().json();
        assertThat(letter.get("message_id").asText()).startsWith("poison-");
        assertThat(letter.get("attempts").asText()).isEqualTo("1");
        assertThat(letter.get("error_message").asText()).contains("JSON");
    }

    @Test
    void whatCannotBeStoredStaysInItsQueue() {
        park("one", "a reason");
        database.execute("RENAME TABLE dead_letters TO dead_letters_away");
        try {
            ops.asks("replay", "all", LATER).isRefused(500, "internal error");
        } finally {
            database.execute("RENAME TABLE dead_letters_away TO dead_letters");
        }
        awaitCause(1);
    }

    @Test
    void whatAnotherNodeIsAtIsLeftToIt(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        try (Connection other = database.getDataSource().getConnection()) {
            other.setAutoCommit(false);
            try (AutoCloseable settle = Routes.stop(camel, "dead-letter-settle")) {
                park(likes(video, 3));
                long operation = accepted(ops.asks("replay", "all", LATER), 3);
                new JdbcTemplate(new SingleConnectionDataSource(other, true))
                        .queryForList("SELECT * FROM dead_letter_operations WHERE id = ? FOR UPDATE", operation);
            }
            await().during(Duration.ofSeconds(3)).until(() -> video.likes() == 0);
            other.rollback();
        }
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(3)));
    }

    @Test
    void aCauseIsDiscardedAndTheOtherStays() {
        park("one", "a reason");
        park("other", "another");
        await().until(() -> ops.list().get("causes").size() == 2);
        String cause =
                database.queryForObject("SELECT cause FROM dead_letters WHERE error_message = 'another'", String.class);
        awaitEnd(accepted(ops.asks("discard", cause, LATER), 1), 1);
        assertThat(awaitCause(1).get("error_message").asText()).isEqualTo("a reason");
        assertThat(broker.depth("like.events")).isZero();
    }

    @Test
    void noMoreThanFiftyASecondAreReplayed() {
        Video video = feed.someVideo();
        park(likes(video, 120));
        long operation = accepted(ops.asks("replay", "all", LATER), 120);
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(120)));
        awaitEnd(operation, 120);
        assertThat(database.queryForObject(
                        "SELECT TIMESTAMPDIFF(MICROSECOND, MIN(changed_at), MAX(changed_at)) FROM dead_letters",
                        Long.class))
                .as("microseconds")
                .isGreaterThan(2_000_000);
    }

    @Test
    void whatIsSentButNotConfirmedIsSentAgainAndCountsOnce(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        long operation;
        try (AutoCloseable settle = Routes.stop(camel, "dead-letter-settle")) {
            park(likes(video, 10));
            operation = accepted(ops.asks("replay", "all", LATER), 10);
            FeedServices.get().broker().answersWithheld();
        }
        await().during(Duration.ofSeconds(3)).until(() -> done(operation) == 0);
        FeedServices.get().broker().down();
        FeedServices.get().broker().up();
        await().untilAsserted(() -> assertThat(done(operation)).isEqualTo(10));
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(10)));
    }

    private int done(long operation) {
        return database.queryForObject(
                "SELECT done FROM dead_letter_operations WHERE id = ?", Integer.class, operation);
    }

    @Test
    void whatIsCancelledGoesNoFurther(@Autowired CamelContext camel) throws Exception {
        long operation;
        try (AutoCloseable settle = Routes.stop(camel, "dead-letter-settle")) {
            park(likes(feed.someVideo(), 3));
            operation = accepted(ops.asks("replay", "all", LATER), 3);
            assertThat(ops.asks("cancel", operation, null).status()).isEqualTo(202);
            ops.asks("cancel", operation, null).isRefused(404, "there is no such operation");
        }
        long other = accepted(ops.asks("discard", onlyOneOf(ops.causeIn("like.events")), null), 1);
        awaitEnd(other, 1);
        assertThat(ops.operation(operation).get("cancelled_by").asText()).isEqualTo("ops");
        assertThat(ops.operation(operation).get("done").asInt()).isZero();
        assertThat(ops.causeIn("like.events").get("letters").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resend  | all | 2026-01-31T23:59:59Z | action: must be replay, discard or cancel",
                "replay  | every | 2026-01-31T23:59:59Z | selection: must be the id of a dead letter, a cause, or all",
                "replay  | all | | until: is required unless one dead letter is meant",
                "discard | like.events:01234567 | | until: is required unless one dead letter is meant",
                "discard | all | yesterday | until: must be a time in UTC, such as 2026-01-31T23:59:59.123Z",
                "discard | all | 2026-13-31T23:59:59Z | until: must be a time in UTC, such as 2026-01-31T23:59:59.123Z",
            })
    void whatIsWrongIsNamed(String action, String selection, String until, String why) {
        ops.asks(action, selection, until).isRefused(400, why);
    }

    @Test
    void aLetterThatIsNotThereIsNotFound() {
        ops.show(1).isRefused(404, "there is no such dead letter");
        ops.asks("replay", 1, null).isRefused(404, "no dead letter waits for this");
    }

    @Test
    void whatAnOperatorHasTakenIsCountedAsBeforeUntilItIsSettled(@Autowired QueueWatch health) {
        broker.publish("", "like.events.dlq", "a dead letter");
        await().untilAsserted(() -> assertThat(health.health().getDetails()).containsEntry("like.events.dlq", 1));
        long letter = onlyLetterOf(awaitCause(1));
        await().during(Duration.ofSeconds(6))
                .untilAsserted(() -> assertThat(health.health().getDetails()).containsEntry("like.events.dlq", 1));
        awaitEnd(accepted(ops.asks("discard", letter, null), 1), 1);
        await().untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
    }

    private JsonNode awaitCause(int letters) {
        await().untilAsserted(() ->
                assertThat(ops.causeIn("like.events").path("letters").asInt()).isEqualTo(letters));
        return ops.causeIn("like.events");
    }

    private long onlyLetterOf(JsonNode cause) {
        assertThat(cause.get("letters").asInt()).isEqualTo(1);
        return onlyOneOf(cause);
    }

    private long onlyOneOf(JsonNode cause) {
        return ops.show(cause.get("cause").asText())
                .isOk()
                .json()
                .at("/letters/0/id")
                .asLong();
    }

    private static long accepted(Answer answer, int letters) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().get("letters").asInt()).isEqualTo(letters);
        return answer.json().get("operation").asLong();
    }

    private void awaitEnd(long operation, int letters) {
        await().untilAsserted(() ->
                assertThat(ops.operation(operation).has("ended_at")).isTrue());
        assertThat(ops.operation(operation).get("done").asInt()).isEqualTo(letters);
    }

    private void park(String id, String reason) {
        park(id, reason, Instant.now());
    }

    private void park(String id, String reason, Instant when) {
        park(id, reason, when, "{}");
    }

    private void park(String id, String reason, Instant when, String body) {
        broker.parked("like.events", id, reason, when, body);
    }

    /** Messages that failed because of something that is mended now. */
    private JsonNode park(List<String> events) {
        for (String event : events) {
            park(UUID.randomUUID().toString(), "it was broken", Instant.now(), event);
        }
        return awaitCause(events.size());
    }

    private static List<String> likes(Video video, int number) {
        return IntStream.rangeClosed(1, number)
                .mapToObj(account -> like(account, video))
                .toList();
    }

    private static String like(long account, Video video) {
        return """
                {"event_id":"%1$s","action":"like","user_id":%2$d,"video_id":%3$d,"occurred_at":"%4$s","popularity_event_id":"%5$s"}""".formatted(UUID.randomUUID(), account, video.id(), Instant.now(), UUID.randomUUID());
    }
}
