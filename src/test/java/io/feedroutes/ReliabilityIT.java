package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.feedroutes.messaging.QueueWatch;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.RealBrokerOnly;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueBuilder.Overflow;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.health.Status;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What happens when a part is away, and to messages that cannot be applied. */
@FeedTest
class ReliabilityIT {

    private static final String PARKED = "like.events.dlq";
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    private static final Duration LONGER_THAN_ALL_ATTEMPTS = Duration.ofSeconds(4);
    private static final Duration LONGER_THAN_TWO_TIMEOUTS = Duration.ofSeconds(12);

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    StringRedisTemplate redis;

    @Autowired
    JdbcTemplate database;

    @Autowired
    CamelContext camel;

    private FeedServices services;
    private Account alice;
    private Video video;

    @BeforeEach
    void aVideoAndSomebody() {
        services = FeedServices.get();
        broker.takeAll(PARKED);
        alice = feed.someone();
        video = feed.someVideo();
    }

    @Test
    void withTheBrokerDownLikesAreAppliedDirectly() {
        services.broker().down();
        assertThat(alice.likes(video).isOk().took()).isLessThan(TWO_SECONDS);
        assertThat(video.likesCount()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
    }

    @Test
    void withASilentBrokerLikesAreAppliedDirectlyInTime() {
        services.broker().silent();
        assertThat(alice.likes(video).isOk().took()).isLessThan(TWO_SECONDS);
        assertThat(video.likesCount()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
    }

    @Test
    void withASilentBrokerRequestsWithAKeyLeaveConnectionsForOthers(@Autowired HikariDataSource pool) {
        List<Account> accounts = Stream.generate(feed::someone).limit(20).toList();
        List<Integer> taken = new ArrayList<>();
        awaitLikesThroughTheBroker();
        services.broker().silent();
        CompletableFuture<List<Answer>> answers = CompletableFuture.supplyAsync(() -> AtOnce.times(
                accounts.size(),
                number -> accounts.get(number)
                        .post(
                                "/like/like",
                                Map.of("video_id", video.id()),
                                Map.of("Idempotency-Key", "\"" + number + "\""))));
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).until(() -> {
            taken.add(pool.getHikariPoolMXBean().getActiveConnections());
            return answers.isDone();
        });
        assertThat(Collections.max(taken)).isBetween(8, 13);
        assertThat(answers.join()).map(Answer::status).isSubsetOf(200, 503);
    }

    @Test
    void aLikeThatCanOnlyHalfBeAppliedDirectlyIsNotAppliedAtAll() {
        services.broker().down();
        database.execute("RENAME TABLE popularity_events TO popularity_events_away");
        try {
            alice.likes(video).isRefused(500, "internal error");
        } finally {
            database.execute("RENAME TABLE popularity_events_away TO popularity_events");
        }
        assertThat(video.likes()).isZero();
    }

    @Test
    void aMessageThatNoQueueTakesIsRefused(@Autowired ProducerTemplate routes, @Autowired AmqpAdmin admin) {
        admin.declareExchange(new TopicExchange("without-a-queue"));
        assertThatThrownBy(() -> routes.sendBody(
                        "spring-rabbitmq:without-a-queue?routingKey=like.like&confirm=enabled&confirmTimeout=1000",
                        "{}"))
                .hasRootCauseMessage("The broker refused the message, or no queue is bound for it");
    }

    @Test
    void ofTwoMessagesWithOneIdOnlyTheOneThatNoQueueTakesIsRefused(
            @Autowired ProducerTemplate routes, @Autowired AmqpAdmin admin) {
        String queue = "kept-" + UUID.randomUUID();
        admin.declareQueue(QueueBuilder.durable(queue).expires(600_000).build());
        List<CompletableFuture<Exchange>> taken = Stream.generate(
                        () -> UUID.randomUUID().toString())
                .limit(50)
                .map(id -> {
                    sendAs(id, "away-" + id, routes);
                    return sendAs(id, queue, routes);
                })
                .toList();
        assertThat(taken)
                .map(CompletableFuture::join)
                .allSatisfy(sent -> assertThat(sent.getException()).isNull());
    }

    private static CompletableFuture<Exchange> sendAs(String id, String queue, ProducerTemplate routes) {
        return routes.asyncSend(
                "spring-rabbitmq:default?confirm=enabled&confirmTimeout=10000&routingKey=" + queue, exchange -> {
                    exchange.getMessage().setHeader(SpringRabbitMQConstants.MESSAGE_ID, id);
                    exchange.getMessage().setBody("{}");
                });
    }

    @Test
    void aBindingThatIsLostIsNamedAndDeclaredAgainAndNoLikeIsMissing(
            @Autowired AmqpAdmin admin, @Autowired QueueWatch health) throws Exception {
        Binding binding = new Binding("like.events", DestinationType.QUEUE, "like.events", "like.*", null);
        isNamedAndThereAgain(() -> admin.removeBinding(binding), "binding of like.events for like.like", health);
    }

    @Test
    void aDeadLetterQueueThatIsLostIsNamedAndDeclaredAgain(@Autowired AmqpAdmin admin, @Autowired QueueWatch health)
            throws Exception {
        isNamedAndThereAgain(() -> admin.deleteQueue(PARKED), "queue like.events.dlq", health);
    }

    @Test
    @RealBrokerOnly("a consumer is told that its queue is gone")
    void aQueueThatIsLostIsNamedAndDeclaredAgainAndNoLikeIsMissing(
            @Autowired AmqpAdmin admin, @Autowired QueueWatch health) throws Exception {
        isNamedAndThereAgain(() -> admin.deleteQueue("like.events"), "queue like.events", health);
    }

    @Test
    @RealBrokerOnly("an exchange that is in use can be deleted")
    void anExchangeThatIsLostIsNamedAndDeclaredAgainAndNoLikeIsMissing(
            @Autowired AmqpAdmin admin, @Autowired QueueWatch health) throws Exception {
        isNamedAndThereAgain(() -> admin.deleteExchange("like.events"), "no exchange 'like.events'", health);
    }

    @Test
    void aBindingIsThereAgainThoughAnotherQueueTakesTheMessages(@Autowired AmqpAdmin admin) {
        broker.copyOf("like.events");
        admin.removeBinding(new Binding("like.events", DestinationType.QUEUE, "like.events", "like.*", null));
        await().until(() -> {
            feed.someone().likes(video).isOk();
            return video.likesCount() > 0;
        });
    }

    private void isNamedAndThereAgain(Runnable loss, String lost, QueueWatch health) throws Exception {
        awaitLikesThroughTheBroker();
        // Bindings are declared every five seconds, by every node.
        try (AutoCloseable watch = Routes.stop(camel, "queue-watch")) {
            loss.run();
            alice.likes(video).isOk();
        }
        List<Account> accounts = new ArrayList<>(List.of(alice));
        await().untilAsserted(() -> {
            Account account = feed.someone();
            account.likes(video).isOk();
            accounts.add(account);
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.health().getDetails().get("missing").toString()).contains(lost);
        });
        await().untilAsserted(() -> assertThat(health.health().getStatus()).isNotEqualTo(Status.DOWN));
        feed.someone().likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(accounts.size() + 1)));
        broker.publish("like.events", "like.like", "{\"event_id\":");
        await().until(() -> broker.depth(PARKED) == 1);
    }

    @Test
    void whenTheBrokerIsBackLikesGoThroughItAgain() {
        services.broker().down();
        IntStream.range(0, 10).forEach(i -> feed.someone().likes(video).isOk());
        services.broker().up();
        awaitLikesThroughTheBroker();
    }

    private void awaitLikesThroughTheBroker() {
        String copy = broker.copyOf("like.events");
        Video other = feed.someVideo();
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            feed.someone().likes(other).isOk();
            assertThat(broker.takeAll(copy)).isNotEmpty();
        });
        broker.deleteCopies();
    }

    @Test
    void aLikeWhoseConfirmIsLostCountsOnceThoughTheMessageArrives() {
        String copy = broker.copyOf("like.events");
        services.broker().answersWithheld();
        alice.likes(video).isOk();
        services.broker().down();
        services.broker().up();
        await().untilAsserted(() -> assertThat(broker.takeAll(copy)).isNotEmpty());
        Account bob = feed.someone();
        bob.likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.isLikedBy(bob)).isTrue());
        assertThat(video.likesCount()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(2)));
    }

    @Test
    void withTheDatabaseDownMessagesWaitAndNoneIsParked() {
        services.database().down();
        broker.publish("like.events", "like.like", like(video, 1));
        alice.likes(video).isRefused(503, "not available");
        await().during(LONGER_THAN_ALL_ATTEMPTS).until(() -> broker.depth(PARKED) == 0);
        services.database().up();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
    }

    @Test
    void aLikeWaitsForADatabaseThatIsReadOnly() {
        database.execute(
                "CREATE TRIGGER read_only BEFORE INSERT ON like_states FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290");
        try {
            broker.publish("like.events", "like.like", like(video, 1));
            await().during(LONGER_THAN_ALL_ATTEMPTS).until(() -> broker.depth(PARKED) == 0);
        } finally {
            database.execute("DROP TRIGGER read_only");
        }
        await().untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
        assertThat(broker.takeAll(PARKED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1021, 1030, 1040, 1053, 1114, 1203, 1205, 1213, 1290, 1792, 1836, 3572})
    void whatTheDatabaseCannotDoNowIsAnOutage(int error) {
        assertThatThrownBy(() -> database.execute("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = " + error))
                .isInstanceOfAny(DataAccessResourceFailureException.class, TransientDataAccessException.class);
    }

    @Test
    void aLikeWaitsForALockedRowWithOneStatementAtATime() throws Exception {
        try (Connection other = database.getDataSource().getConnection()) {
            other.setAutoCommit(false);
            JdbcTemplate locking = new JdbcTemplate(new SingleConnectionDataSource(other, true));
            locking.queryForList("SELECT id FROM videos WHERE id = ? FOR UPDATE", video.id());
            broker.publish("like.events", "like.like", like(video, 1));
            await().during(LONGER_THAN_TWO_TIMEOUTS)
                    .untilAsserted(() -> assertThat(statementsOfLikes()).hasSizeLessThan(2));
            other.rollback();
        }
        await().untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
        assertThat(broker.takeAll(PARKED)).isEmpty();
    }

    private List<Map<String, Object>> statementsOfLikes() {
        return database.queryForList("SELECT * FROM information_schema.processlist"
                + " WHERE info REGEXP 'INTO like_states|^ *UPDATE videos' AND id <> CONNECTION_ID()");
    }

    @Test
    void withBrokerAndDatabaseDownALikeIsRefusedWholeAndCanBeTriedAgain() {
        services.broker().down();
        services.database().down();
        Answer refused = alice.likes(video).isRefused(503, "not available");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        services.broker().up();
        services.database().up();
        await().atMost(Duration.ofSeconds(15)).until(() -> alice.likes(video).status() == 200);
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
    }

    @Test
    void withRedisDownLikesGoOnAndTheHotScoreIsRightAfterIt() {
        services.redis().down();
        alice.likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
        alice.likes(video).isRefused(409, "user has liked this video");
        services.redis().up();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
    }

    @Test
    void withASilentRedisRequestsAreAnsweredInTime() {
        services.redis().silent();
        assertThat(alice.likes(video).isOk().took()).isLessThan(TWO_SECONDS);
        assertThat(feed.post("/video/getDetail", Map.of("id", video.id()))
                        .isOk()
                        .took())
                .isLessThan(TWO_SECONDS);
    }

    @Test
    void theHotScoreIsRightAgainAfterRedisHasLostItsData() {
        alice.likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.hotScore()).isEqualTo(1));
        redis.delete(redis.keys("hot:*"));
        await().untilAsserted(() -> assertThat(video.hotScore()).isEqualTo(1));
    }

    @Test
    void moreHotScoresThanRedisTakesInTimeAreShownAgainAndNotedAsShown() {
        int videos = 200_001;
        String minute = database.queryForObject("SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y%m%d%H%i')", String.class);
        String shownUntil = "hot:video:shown-until";
        try {
            database.update("""
                    INSERT INTO popularity_minutes (minute, video_id, score, revision, changed_at)
                    SELECT CONCAT(?, '00'), 9000000000000 + i, 1, 1, UTC_TIMESTAMP(3)
                    FROM JSON_TABLE(CONCAT('[', REPEAT('0,', ?), '0]'), '$[*]' COLUMNS (i FOR ORDINALITY)) AS numbers""", minute, videos - 1);
            long now = System.currentTimeMillis();
            redis.delete(shownUntil);
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> {
                assertThat(redis.opsForZSet().zCard("hot:video:1m:" + minute)).isGreaterThanOrEqualTo(videos);
                assertThat(Long.parseLong(redis.opsForValue().get(shownUntil))).isGreaterThanOrEqualTo(now);
            });
        } finally {
            database.update("DELETE FROM popularity_minutes WHERE video_id > 9000000000000");
            redis.delete(List.of("hot:video:1m:" + minute, "hot:video:1m:revision:" + minute));
        }
    }

    @Test
    void poisonIsParkedOnceEachAndEverythingElseIsApplied() {
        List<String> poison = List.of(
                "{\"event_id\":",
                "",
                "null",
                "[]",
                "42",
                like(video, 1).replace("\"like\"", "\"love\""),
                like(video, 1).replace("\"user_id\":1", "\"user_id\":\"1\""),
                like(video, 1).replace("\"user_id\":1,", ""),
                like(video, 1).replaceAll("\"occurred_at\":\"[^\"]*\"", "\"occurred_at\":1767225600"),
                like(video, 1) + like(video, 1));
        List<String> messages = new ArrayList<>(poison);
        IntStream.rangeClosed(1, 1000).forEach(account -> messages.add(like(video, account)));
        Collections.shuffle(messages, new Random(1));
        messages.forEach(message -> broker.publish("like.events", "like.like", message));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1000));
        List<String> parked = new ArrayList<>();
        await().untilAsserted(() -> {
            broker.takeAll(PARKED).forEach(message -> parked.add(new String(message.getBody(), UTF_8)));
            assertThat(parked).containsExactlyInAnyOrderElementsOf(poison);
        });
    }

    @Test
    void aParkedMessageSaysWhatItIsAndWhy() {
        broker.publish("like.events", "like.like", "{\"event_id\":");
        Message parked = broker.take(PARKED);
        assertThat(parked).isNotNull();
        assertThat(parked.getMessageProperties().getHeaders())
                .containsEntry("x-origin-queue", "like.events")
                .containsEntry("x-origin-exchange", "like.events")
                .containsEntry("x-origin-routing-key", "like.like")
                .containsEntry("x-attempts", "1")
                .containsKeys("x-error-class", "x-error-message", "x-parked-at")
                .allSatisfy((name, value) -> assertThat(name).startsWith("x-"));
    }

    @Test
    void whatFailsInTheDatabaseIsTriedAgainLaterAndThenParked() {
        publishALikeOfTheFuture();
        Message parked = broker.take(PARKED);
        assertThat(parked).isNotNull();
        assertThat(parked.getMessageProperties().getHeaders()).containsEntry("x-attempts", "3");
        assertThat(video.likes()).isZero();
    }

    /** Each by the column that says of which account or video its effect would be. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "like.events|like.like|like_states WHERE video_id|\"action\":\"like\",\"user_id\":1,\"video_id\":ID",
                "like.events|like.unlike|like_states WHERE video_id|\"action\":\"unlike\",\"user_id\":1,\"video_id\":ID",
                "social.events|social.follow|social_states WHERE vlogger_id|\"action\":\"follow\",\"follower_id\":1,\"vlogger_id\":ID",
                "comment.events|comment.publish|comments WHERE video_id"
                        + "|\"action\":\"publish\",\"author_id\":1,\"content\":\"a\",\"video_id\":ID",
                "video.popularity.events|video.popularity.update|popularity_events WHERE video_id|\"change\":5,\"video_id\":ID"
            })
    void anEventThatClaimsToBeFromTheFutureIsParkedAndChangesNothing(
            String exchange, String key, String rows, String event) {
        String parked = exchange + ".dlq";
        broker.takeAll(parked);
        long id = exchange.equals("social.events") ? alice.id() : video.id();
        broker.publish(
                exchange,
                key,
                "{\"event_id\":\"%s\",\"occurred_at\":\"%s\",%s}"
                        .formatted(UUID.randomUUID(), Instant.now().plusSeconds(600), event.replace("ID", "" + id)));
        assertThat(broker.take(parked)).isNotNull();
        assertThat(database.queryForObject("SELECT COUNT(*) FROM " + rows + " = " + id, Long.class))
                .isZero();
    }

    @Test
    void aGoodMessageIsHeldUpByNoBadOne() {
        IntStream.range(0, 40).forEach(i -> publishALikeOfTheFuture());
        broker.publish("like.events", "like.like", like(video, 1));
        await().atMost(TWO_SECONDS)
                .untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
        List<Message> parked = new ArrayList<>();
        await().untilAsserted(() -> {
            parked.addAll(broker.takeAll(PARKED));
            assertThat(parked).hasSize(40);
        });
        await().during(LONGER_THAN_ALL_ATTEMPTS).until(() -> broker.depth(PARKED) == 0);
        assertThat(parked)
                .extracting(message -> message.getMessageProperties().getHeader("x-attempts"))
                .containsOnly("3");
    }

    @Test
    void aMessageThatWasTriedAgainSaysWhereItFirstCameFrom() {
        publishALikeOfTheFuture();
        assertThat(broker.take(PARKED).getMessageProperties().getHeaders())
                .containsEntry("x-origin-queue", "like.events")
                .containsEntry("x-origin-exchange", "like.events")
                .containsEntry("x-origin-routing-key", "like.like");
    }

    @Test
    void aProducerCannotSayHowOftenItsMessageWasTried() {
        broker.publishWith("x-attempts", "9", "like.events", "like.like", likeOfTheFuture());
        assertThat(broker.take(PARKED).getMessageProperties().getHeaders()).containsEntry("x-attempts", "3");
    }

    @Test
    void aMessageWithoutAnIdHasTheSameOneWheneverItIsParked() {
        String poison = "{\"event_id\":";
        broker.publish("like.events", "like.like", poison);
        broker.publish("like.events", "like.like", poison);
        String id = broker.take(PARKED).getMessageProperties().getMessageId();
        assertThat(broker.take(PARKED).getMessageProperties().getMessageId())
                .isNotNull()
                .isEqualTo(id);
    }

    @Test
    void anOutageThatABatchHasWaitedForUsesUpNoAttempt() {
        services.database().down();
        publishALikeOfTheFuture();
        await().during(LONGER_THAN_ALL_ATTEMPTS).until(() -> broker.depth(PARKED) == 0);
        services.database().up();
        Message parked = broker.take(PARKED);
        assertThat(parked).isNotNull();
        assertThat(parked.getMessageProperties().getHeaders()).containsEntry("x-attempts", "3");
    }

    /** The database refuses it, however often it is tried. */
    private void publishALikeOfTheFuture() {
        broker.publish("like.events", "like.like", likeOfTheFuture());
    }

    private String likeOfTheFuture() {
        return like(video, 1).replaceAll("\"occurred_at\":\"[^\"]*\"", "\"occurred_at\":\"9999-01-01T00:00:00Z\"");
    }

    @Test
    void aPoisonedPopularityChangeIsParkedInItsOwnQueue() {
        broker.takeAll("video.popularity.events.dlq");
        broker.publish("video.popularity.events", "video.popularity.update", "{}");
        assertThat(broker.take("video.popularity.events.dlq")).isNotNull();
        assertThat(broker.takeAll(PARKED)).isEmpty();
    }

    @Test
    @RealBrokerOnly("quorum queues")
    void aMessageThatComesBackAThousandTimesIsParkedByTheBroker() throws Exception {
        try (AutoCloseable stopped = Routes.stop(camel, "like-apply")) {
            broker.publish("like.events", "like.like", like(video, 1));
            await().until(() -> broker.depth("like.events") == 1);
            broker.takeAndGiveBack("like.events", 1001);
            assertThat(broker.take(PARKED)).isNotNull();
        }
    }

    @Test
    @RealBrokerOnly("queues that refuse what is too much")
    void whatAFullQueueRefusesIsAppliedWithoutTheBroker(@Autowired AmqpAdmin admin) {
        String full = "full-" + UUID.randomUUID();
        admin.declareQueue(QueueBuilder.durable(full)
                .maxLength(1)
                .overflow(Overflow.rejectPublish)
                .build());
        admin.declareBinding(new Binding(full, DestinationType.QUEUE, "like.events", "#", null));
        try {
            IntStream.range(0, 10).forEach(i -> feed.someone().likes(video).isOk());
            await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(10)));
        } finally {
            admin.deleteQueue(full);
        }
    }

    @Test
    void withoutTheBrokerLikesHoldAFewConnectionsOfTheDatabaseAndTheOthersAreToldToComeAgain() throws Exception {
        List<Account> accounts = Stream.generate(feed::someone).limit(12).toList();
        List<Integer> atOnce = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<CompletableFuture<Answer>> answers;
        services.broker().down();
        try (Connection other = database.getDataSource().getConnection()) {
            other.setAutoCommit(false);
            new JdbcTemplate(new SingleConnectionDataSource(other, true))
                    .queryForList("SELECT id FROM videos WHERE id = ? FOR UPDATE", video.id());
            answers = accounts.stream()
                    .map(account -> CompletableFuture.supplyAsync(() -> account.likes(video), threads))
                    .toList();
            await().until(() -> {
                atOnce.add(statementsOfLikes().size());
                return answers.stream().anyMatch(CompletableFuture::isDone);
            });
            other.rollback();
        }
        assertThat(Collections.max(atOnce)).isBetween(1, 3);
        List<Answer> refused = answers.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() != 200)
                .toList();
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(
                                answer.isRefused(503, "not available").headers().firstValue("Retry-After"))
                        .hasValue("1"));
        assertThat(video.likesCount()).isEqualTo(accounts.size() - refused.size());
        threads.shutdown();
    }

    @Test
    void totalsAgreeWhenTheBrokerGoesAwayInTheMiddle() {
        List<Account> accounts = Stream.generate(feed::someone).limit(40).toList();
        List<Answer> answers = AtOnce.times(accounts.size(), i -> {
            if (i == 20) {
                services.broker().down();
            }
            return accounts.get(i).likes(video);
        });
        services.broker().up();
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.isOk().took()).isLessThan(TWO_SECONDS);
        });
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(accounts.size())));
    }

    private static String like(Video video, long account) {
        return """
                {"event_id":"%s","action":"like","user_id":%d,"video_id":%d,"occurred_at":"%s"}""".formatted(UUID.randomUUID().toString().replace("-", ""), account, video.id(), Instant.now());
    }
}
