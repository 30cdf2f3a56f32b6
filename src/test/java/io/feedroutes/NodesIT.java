package io.feedroutes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Nodes;
import io.feedroutes.support.NotificationStream;
import io.feedroutes.support.Operator;
import io.feedroutes.support.RealBrokerOnly;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a second node does, started with other properties, or without a part. */
@FeedTest
class NodesIT {

    private static final String REFUSED = "refused";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    Environment environment;

    @Autowired
    StringRedisTemplate redis;

    @Autowired
    JdbcTemplate database;

    @Autowired
    Nodes nodes;

    private ConfigurableApplicationContext node;

    @AfterEach
    void stopTheNode() {
        nodes.stopAll();
    }

    @Test
    void twoNodesJudgeALikeAlike() {
        Feed other = start();
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.likes(video).isOk();
        alice.at(other).likes(video).isRefused(409, "user has liked this video");
        alice.at(other).unlikes(video).isOk();
        alice.likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
    }

    @Test
    void aKeyHoldsAtEveryNode() {
        Feed other = start();
        Account alice = feed.someone();
        Account bob = feed.someone();
        Map<String, Object> message = Map.of("to_id", bob.id(), "content", "psst");
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String first = alice.post("/message/send", message, key).isOk().text();
        assertThat(alice.at(other).post("/message/send", message, key).isOk().text())
                .isEqualTo(first);
        assertThat(database.queryForObject("SELECT COUNT(*) FROM messages WHERE to_id = ?", Long.class, bob.id()))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsAcceptedLaterWinsThoughItsNodeIsAnHourBehind(boolean withRedis) {
        Feed behind = start(
                "feed.role=api",
                "feed.confirm-timeout=10000",
                "spring.datasource.hikari.connection-init-sql=SET timestamp = UNIX_TIMESTAMP() - 3600");
        Account alice = feed.someone();
        Account bob = feed.someone();
        Video video = feed.someVideo();
        if (!withRedis) {
            FeedServices.get().redis().down();
        }
        alice.likes(video).isOk();
        alice.follows(bob).isOk();
        await().until(() -> video.isLikedBy(alice) && follows(alice) == 1);
        alice.at(behind).unlikes(video).isOk();
        alice.at(behind).unfollows(bob).isOk();
        await().until(() -> !video.isLikedBy(alice) && follows(alice) == 0);
        alice.likes(video).isOk();
        await().until(() -> video.isLikedBy(alice));
    }

    private long follows(Account account) {
        return database.queryForObject("SELECT COUNT(*) FROM socials WHERE follower_id = ?", Long.class, account.id());
    }

    @Test
    void whatOneNodeHasAcceptedTheOtherShowsThoughNothingIsStored(@Autowired CamelContext camel) throws Exception {
        Feed other = start("feed.role=api");
        Video video = feed.someVideo();
        Account alice = feed.someone();
        Account bob = feed.someone();
        try (AutoCloseable likes = Routes.stop(camel, "like-apply");
                AutoCloseable comments = Routes.stop(camel, "comment-apply");
                AutoCloseable follows = Routes.stop(camel, "social-apply")) {
            alice.likes(video).isOk();
            alice.comments(video, "No room!").isOk();
            alice.follows(bob).isOk();
            Account there = alice.at(other);
            assertThat(there.isToldToLike(video)).isTrue();
            assertThat(there.post("/like/listMyLikedVideos", "{}").isOk().json())
                    .hasSize(1);
            assertThat(new Video(other, video.id()).comments()).hasSize(1);
            assertThat(there.post("/social/getAllVloggers", "{}")
                            .isOk()
                            .json()
                            .get("vlogger_count")
                            .asLong())
                    .isEqualTo(1);
        }
    }

    @Test
    void aNodeStartsWithTheBrokerDownAndAppliesLikesDirectly() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        FeedServices.get().broker().down();
        Feed other = start();
        alice.at(other).likes(video).isOk();
        assertThat(video.likesCount()).isEqualTo(1);
    }

    @Test
    @RealBrokerOnly("arguments of queues to compare")
    void aNodeUsesQueuesThatAreThereWithOtherArguments() {
        String sent = broker.copyOf("like.events");
        Feed other = start("feed.queue-type=classic");
        feed.someone().at(other).likes(feed.someVideo()).isOk();
        await().untilAsserted(() -> assertThat(broker.takeAll(sent)).isNotEmpty());
    }

    @Test
    void aQueueHasAsManyConsumersAsTheSettingsOfItsNodesSay() {
        long before = broker.consumers("like.events");
        start("feed.consumers=3");
        await().untilAsserted(() -> assertThat(broker.consumers("like.events")).isEqualTo(before + 3));
    }

    @Test
    void twoNodesSendEachVideoToTheTimelineOnce() {
        String sent = broker.copyOf("video.timeline.events");
        Feed other = start();
        Account alice = feed.someone();
        List<Long> videos = AtOnce.times(
                100,
                i -> alice.at(i % 2 == 0 ? feed : other).publishes("a title").id());
        List<Long> told = new ArrayList<>();
        await().during(Duration.ofSeconds(2)).untilAsserted(() -> {
            broker.takeAll(sent).stream()
                    .map(message -> broker.body(message).get("video_id").asLong())
                    .filter(videos::contains)
                    .forEach(told::add);
            assertThat(told).containsExactlyInAnyOrderElementsOf(videos);
        });
    }

    @Test
    void aNodeThatStartedWithTheBrokerDownSendsWhatWaited(@Autowired CamelContext camel) throws Exception {
        String sent = broker.copyOf("video.timeline.events");
        camel.getRouteController().stopRoute("outbox-relay");
        try {
            FeedServices.get().broker().down();
            feed.someVideo();
            start();
            FeedServices.get().broker().up();
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(broker.takeAll(sent)).isNotEmpty());
        } finally {
            camel.getRouteController().startRoute("outbox-relay");
        }
    }

    @Test
    void theUrlsOfUploadsBeginAsTheOperatorSays() {
        Feed behindAProxy = start("feed.public-url=https://feed.example/api");
        byte[] mp4 = "\0\0\0\u0018ftypisom\0\0\2\0isomiso2".getBytes(UTF_8);
        assertThat(feed.someone()
                        .at(behindAProxy)
                        .uploads("/video/uploadVideo", "tea.mp4", mp4)
                        .isOk()
                        .json()
                        .get("play_url")
                        .asText())
                .startsWith("https://feed.example/api/static/videos/");
    }

    @Test
    void tooManyLikesAreRefusedAndToldWhenToTryAgain() {
        Feed limited = start("feed.rate-limit.enabled=true", "feed.rate-limit.like-write=3/60");
        Account alice = feed.someone().at(limited);
        Video video = feed.someVideo();
        alice.likes(video).isOk();
        alice.unlikes(video).isOk();
        alice.post("/like/like", "no JSON").isRefused(400, "");
        Answer refused = alice.likes(video).isRefused(429, "too many requests");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 60L);
        feed.someone().at(limited).likes(video).isOk();
    }

    @Test
    void whatRedisSaidOfTheLimitIsNotTakenForWhatItDidNotSayOfTheLike() {
        Feed limited = start("feed.rate-limit.enabled=true");
        Account alice = feed.someone().at(limited);
        Video video = feed.someVideo();
        redis.opsForList().leftPush("like:accepted:{%d}:%d".formatted(alice.id(), video.id()), "no state");
        alice.likes(video).isOk();
    }

    @Test
    void commentsFollowsAndMessagesHaveLimitsOfTheirOwnAndSharedWithWhatTakesThemBack() {
        Feed limited = start(
                "feed.rate-limit.enabled=true",
                "feed.rate-limit.comment-write=1/60",
                "feed.rate-limit.message-write=1/60",
                "feed.rate-limit.social-write=1/60");
        Account alice = feed.someone().at(limited);
        Account bob = feed.someone();
        alice.writes(bob, "a").isOk();
        alice.writes(bob, "b").isRefused(429, "too many requests");
        alice.comments(feed.someVideo(), "a").isOk();
        alice.deletes(1).isRefused(429, "too many requests");
        alice.follows(bob).isOk();
        alice.unfollows(bob).isRefused(429, "too many requests");
    }

    @Test
    void whoeverGuessesPasswordsIsStoppedByTheAddressThatTheProxyNames() {
        Feed behindAProxy = start(
                "feed.rate-limit.enabled=true",
                "feed.rate-limit.account-register=1/60",
                "feed.rate-limit.account-login=1/60",
                "server.forward-headers-strategy=native");
        Map<String, String> here = someAddress();
        Map<String, String> elsewhere = someAddress();
        assertThat(List.of("/account/register", "/account/login", "/account/changePassword"))
                .allSatisfy(path -> {
                    behindAProxy.post(path, Map.of(), here).isRefused(400, "");
                    behindAProxy.post(path, Map.of(), here).isRefused(429, "too many requests");
                    behindAProxy.post(path, Map.of(), elsewhere).isRefused(400, "");
                });
    }

    @Test
    void whoeverGuessesThePasswordOfAnAccountFromManyAddressesIsStopped() {
        Feed behindAProxy = start(
                "feed.rate-limit.enabled=true",
                "feed.rate-limit.account-login=2/60",
                "server.forward-headers-strategy=native");
        String alice = feed.someone().name();
        for (String name : List.of(alice, "nobody-like-" + alice)) {
            Map<String, String> login = Map.of("username", name, "password", "a guess");
            Map<String, String> change = Map.of("username", name, "old_password", "a guess", "new_password", "another");
            for (int i = 0; i < 2; i++) {
                behindAProxy.post("/account/login", login, someAddress()).isRefused(401, "invalid");
                behindAProxy
                        .post("/account/changePassword", change, someAddress())
                        .isRefused(400, "unsuccessfully");
            }
            behindAProxy.post("/account/login", login, someAddress()).isRefused(429, "too many requests");
            behindAProxy.post("/account/changePassword", change, someAddress()).isRefused(429, "too many requests");
        }
    }

    @Test
    void refreshTokensHaveALimitOfTheirAddress() {
        Feed limited = start(
                "feed.rate-limit.enabled=true",
                "feed.rate-limit.account-refresh=1/60",
                "server.forward-headers-strategy=native");
        Map<String, String> guess = Map.of("refresh_token", "a guess");
        Map<String, String> here = someAddress();
        limited.post("/account/refresh", guess, here).isRefused(401, "invalid refresh token");
        limited.post("/account/refresh", guess, here).isRefused(429, "too many requests");
        limited.post("/account/refresh", guess, someAddress()).isRefused(401, "invalid refresh token");
    }

    @Test
    void postsHaveALimitOfTheirAddress() {
        Feed limited = start(
                "feed.rate-limit.enabled=true",
                "feed.rate-limit.post-write=1/60",
                "server.forward-headers-strategy=native");
        Map<String, String> here = someAddress();
        limited.post("/posts", Map.of(), here).isRefused(400, "title is required");
        limited.post("/posts", Map.of(), here).isRefused(429, "too many requests");
        limited.post("/posts", Map.of(), someAddress()).isRefused(400, "title is required");
    }

    @Test
    void ofReplaysAtTwoNodesAtOnceOneSendsTheLetters(@Autowired Operator here) {
        start("feed.operator-password=" + environment.getRequiredProperty("feed.operator-password"));
        Operator there = Operator.at(node.getEnvironment());
        here.list();
        database.update("DELETE FROM dead_letters");
        Video video = feed.someVideo();
        IntStream.rangeClosed(1, 60)
                .forEach(account -> broker.parked(
                        "like.events", UUID.randomUUID().toString(), "it was broken", Instant.now(), """
                {"event_id":"%s","action":"like","user_id":%d,"video_id":%d,"occurred_at":"%s","popularity_event_id":"%s"}""".formatted(
                                        UUID.randomUUID(), account, video.id(), Instant.now(), UUID.randomUUID())));
        await().until(() -> broker.depth("like.events.dlq") >= 60);
        List<Integer> answers = AtOnce.times(
                5,
                i -> (i % 2 == 0 ? here : there)
                        .asks("replay", "all", "9999-01-01T00:00:00Z")
                        .status());
        assertThat(answers).contains(202).allMatch(status -> status == 202 || status == 404);
        await().untilAsserted(() -> assertThat(there.list().get("causes")).isEmpty());
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(60)));
        await().untilAsserted(() ->
                assertThat(here.list().get("operations")).allMatch(operation -> operation.has("ended_at")));
        assertThat(database.queryForObject("SELECT COUNT(*) FROM dead_letters WHERE state = 'replayed'", Long.class))
                .isEqualTo(60);
        assertThat(database.queryForObject(
                        "SELECT SUM(done) FROM dead_letter_operations WHERE selection = 'all'"
                                + " AND id >= (SELECT MIN(operation) FROM dead_letters)",
                        Long.class))
                .isEqualTo(60);
    }

    private static Map<String, String> someAddress() {
        long part = ThreadLocalRandom.current().nextLong(1L << 32);
        return Map.of("X-Forwarded-For", "2001:db8::%x:%x".formatted(part >> 16, part & 0xffff));
    }

    @Test
    void withoutRedisTheNodeCountsByItself() {
        Feed limited = start("feed.rate-limit.enabled=true", "feed.rate-limit.like-write=2/60");
        Account alice = feed.someone().at(limited);
        Account bob = feed.someone().at(limited);
        List<Video> videos = Stream.generate(feed::someVideo).limit(3).toList();
        FeedServices.get().redis().down();
        alice.likes(videos.get(0)).isOk();
        alice.likes(videos.get(1)).isOk();
        Answer refused = alice.likes(videos.get(2)).isRefused(429, "too many requests");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("60");
        bob.likes(videos.get(2)).isOk();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "Tomcat lets others wait where threads are not virtual")
    void whoComesWhileANodeHasEnoughToDoIsToldToComeAgain() throws IOException {
        Feed busy = start("server.tomcat.threads.max=1");
        int port = node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        try (Socket slow = new Socket("localhost", port)) {
            slow.getOutputStream()
                    .write("POST /account/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"
                            .getBytes(US_ASCII));
            Answer refused = await().until(() -> busy.get("/healthz"), answer -> answer.status() != 200)
                    .isRefused(503, "the service has too much to do, please try again");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        }
        await().untilAsserted(() -> busy.get("/healthz").isOk());
    }

    @Test
    void withoutALongEnoughSecretNothingStarts() {
        assertThatThrownBy(() -> start("feed.jwt-secret=short"))
                .rootCause()
                .hasMessage("JWT_SECRET must be set, and at least 32 bytes long; it has 5.");
    }

    @Test
    void withoutAnyRouteNothingStarts(@TempDir Path empty) {
        assertThatThrownBy(() -> start("feed.routes-directory=file:" + empty))
                .rootCause()
                .hasMessageContaining("FEED_ROUTES_DIRECTORY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{noop}secret", "{bcrypt}secret", "{secret}secret", "secret"})
    void thePasswordOfTheOperatorIsWhatWasWritten(String password) throws Exception {
        start("feed.operator-password=" + password);
        assertThat(status("local.management.port", "/actuator/info", "ops:" + password))
                .isEqualTo(200);
        assertThat(status("local.management.port", "/actuator/info", "ops:secret2"))
                .isEqualTo(401);
    }

    @Test
    void whoeverGuessesThePasswordOfTheOperatorIsStoppedForHalfAMinute() throws Exception {
        start("feed.operator-password=secret");
        for (int guess = 0; guess < 10; guess++) {
            assertThat(status("local.management.port", "/actuator/info", "ops:" + guess))
                    .isEqualTo(401);
        }
        assertThat(status("local.management.port", "/actuator/info", "ops:secret"))
                .isEqualTo(401);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> status("local.management.port", "/actuator/info", "ops:secret") == 200);
    }

    @Test
    void aNodeThatStartsAnswersNothingBeforeItsRoutesAreUp() throws Exception {
        String port = String.valueOf(freePort());
        List<String> answers = new CopyOnWriteArrayList<>();
        Thread client = new Thread(() -> {
            while (!Thread.interrupted()) {
                answers.add(firstLine(Integer.parseInt(port)));
            }
        });
        client.start();
        try {
            start("server.port=" + port);
            await().until(() -> answers.contains("HTTP/1.1 200"));
        } finally {
            client.interrupt();
            client.join();
        }
        assertThat(answers).containsOnly(REFUSED, "HTTP/1.1 503", "HTTP/1.1 200");
        assertThat(answers.subList(answers.indexOf("HTTP/1.1 200"), answers.size()))
                .containsOnly("HTTP/1.1 200");
    }

    @Test
    void aNodeThatStopsSaysSoAndStillAnswersForAWhile() throws Exception {
        start("feed.stop-pause=5s");
        int port = node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        Thread stop = new Thread(node::close);
        stop.start();
        await().until(() -> status("local.management.port", "/actuator/health/readiness", "") == 503);
        for (int i = 0; i < 20; i++) {
            assertThat(firstLine(port)).isEqualTo("HTTP/1.1 200");
        }
        stop.join();
        assertThat(firstLine(port)).isEqualTo(REFUSED);
    }

    /** What a new connection is answered with. */
    private static String firstLine(int port) {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
            return new String(socket.getInputStream().readNBytes(12), UTF_8);
        } catch (ConnectException e) {
            return REFUSED;
        } catch (IOException e) {
            return e.toString();
        }
    }

    private int status(String port, String path, String user) throws Exception {
        return status(node, port, path, user);
    }

    private static int status(ConfigurableApplicationContext node, String port, String path, String user)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + node.getEnvironment().getRequiredProperty(port) + path));
        if (!user.isEmpty()) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
        }
        return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void likesThatANodeHasNotAppliedWhenItStopsAreAppliedByTheOther() {
        Feed other = start();
        Video video = feed.someVideo();
        List<Account> accounts = Stream.generate(feed::someone).limit(30).toList();
        accounts.forEach(account -> account.at(other).likes(video).isOk());
        node.close();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(accounts.size())));
    }

    @Test
    void nodesThatAreReplacedUnderLoadFailNoRequestAndLoseNothing() throws Exception {
        String pause = "feed.stop-pause=3s";
        List<ConfigurableApplicationContext> running =
                new CopyOnWriteArrayList<>(List.of(nodes.start(pause), nodes.start(pause)));
        List<Feed> ready = new CopyOnWriteArrayList<>();
        AtomicBoolean rolling = new AtomicBoolean(true);
        Map<ConfigurableApplicationContext, Feed> known = new HashMap<>();
        ScheduledExecutorService proxy = Executors.newSingleThreadScheduledExecutor();
        proxy.scheduleWithFixedDelay(
                () -> {
                    running.forEach(one -> known.computeIfAbsent(one, it -> feed.at(it.getEnvironment())));
                    known.forEach((one, there) -> {
                        if (!isReady(one)) {
                            ready.remove(there);
                        } else if (!ready.contains(there)) {
                            ready.add(there);
                        }
                    });
                },
                0,
                100,
                TimeUnit.MILLISECONDS);
        Video video = feed.someVideo();
        List<CompletableFuture<Boolean>> clients = Stream.generate(feed::someone)
                .limit(4)
                .map(account -> CompletableFuture.supplyAsync(() -> {
                    boolean liked = false;
                    for (int i = 0; rolling.get(); i++) {
                        List<Feed> chosen = await().until(() -> List.copyOf(ready), some -> !some.isEmpty());
                        Account there = account.at(chosen.get(i % chosen.size()));
                        (liked ? there.unlikes(video) : there.likes(video)).isOk();
                        liked = !liked;
                    }
                    return liked;
                }))
                .toList();
        try {
            for (int i = 0; i < 3; i++) {
                running.remove(0).close();
                running.add(nodes.start(pause));
                await().until(() -> ready.size() == 2);
            }
        } finally {
            rolling.set(false);
        }
        long liked = clients.stream().filter(CompletableFuture::join).count();
        proxy.shutdown();
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(liked)));
    }

    private static boolean isReady(ConfigurableApplicationContext node) {
        try {
            return status(node, "local.management.port", "/actuator/health/readiness", "") == 200;
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void whileAWorkerIsBusyTheOtherDoesAllOtherTasks(@Value("${feed.uploads-directory}") Path uploads)
            throws Exception {
        start();
        Account alice = feed.someone();
        String tea = "static/tea-of-%d.mp4".formatted(alice.id());
        Files.createDirectories(uploads.resolve("static"));
        Files.write(
                uploads.resolve(tea), getClass().getResourceAsStream("tea.mp4").readAllBytes());
        List<Video> videos =
                Stream.generate(() -> alice.publishes("a title")).limit(7).toList();
        videos.forEach(video ->
                database.update("INSERT INTO video_files (video_id, file_name) VALUES (?, 'away.mp4')", video.id()));
        database.execute((Connection other) -> {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("SELECT * FROM video_files WHERE video_id = "
                        + videos.get(0).id() + " FOR UPDATE");
                videos.forEach(video -> broker.publish(
                        "", "video_processing", "{\"VideoID\":%d,\"FileName\":\"%s\"}".formatted(video.id(), tea)));
                await().untilAsserted(() -> assertThat(videos.stream()
                                .skip(1)
                                .map(video -> video.detail().get("status").asText()))
                        .containsOnly("ready"));
                assertThat(videos.get(0).detail().get("status").asText()).isEqualTo("processing");
            } finally {
                other.rollback();
                other.setAutoCommit(true);
            }
            return null;
        });
        await().untilAsserted(() ->
                assertThat(videos.get(0).detail().get("status").asText()).isEqualTo("ready"));
    }

    @Test
    void aVideoWhoseChunksComeToSeveralNodesIsCompletedByAny() throws Exception {
        Account alice = feed.someone();
        Account there = alice.at(start());
        byte[] tea = getClass().getResourceAsStream("tea.mp4").readAllBytes();
        Map<String, Object> file = Map.of(
                "filename",
                "tea.mp4",
                "file_size",
                tea.length,
                "chunk_size",
                6000,
                "total_chunks",
                2,
                "file_hash",
                DigestUtils.md5Hex(tea));
        String upload = there.post("/video/chunk/init", file)
                .isOk()
                .json()
                .get("upload_id")
                .asText();
        there.uploadsChunk(upload, 0, Arrays.copyOf(tea, 6000)).isOk();
        alice.uploadsChunk(upload, 1, Arrays.copyOfRange(tea, 6000, tea.length)).isOk();
        node.close();
        String url = alice.post("/video/chunk/complete", Map.of("upload_id", upload))
                .isOk()
                .json()
                .get("url")
                .asText();
        feed.get(URI.create(url).getPath()).isOk();
    }

    @Test
    void aNotificationReachesItsReaderAtTheOtherNode() {
        Feed other = start();
        Account alice = feed.someone();
        Video video = alice.publishes("a title");
        try (NotificationStream here = NotificationStream.of(alice);
                NotificationStream there = NotificationStream.of(alice.at(other))) {
            feed.someone().likes(video).isOk();
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                assertThat(here.events()).isNotEmpty();
                assertThat(there.events()).isNotEmpty();
            });
        }
    }

    @Test
    void aMessageReachesItsRecipientAtTheOtherNode() {
        Feed other = start();
        Account alice = feed.someone();
        try (NotificationStream there = NotificationStream.of(alice.at(other))) {
            feed.someone().writes(alice, "psst").isOk();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(there.events()).hasSize(1));
        }
    }

    @Test
    void aStreamEndsWhenItsNodeStopsAndTheReaderGoesOnAtTheOther() {
        Account alice = feed.someone();
        Video video = alice.publishes("a title");
        try (NotificationStream there = NotificationStream.of(alice.at(start()))) {
            feed.someone().likes(video).isOk();
            await().untilAsserted(() -> assertThat(there.events()).hasSize(1));
            new Thread(node::close).start();
            await().atMost(Duration.ofSeconds(5)).until(there::ended);
            feed.someone().likes(video).isOk();
            try (NotificationStream here =
                    NotificationStream.of(alice, there.ids().get(0))) {
                await().untilAsserted(() -> assertThat(here.events()).hasSize(1));
                assertThat(here.ids()).doesNotContainAnyElementsOf(there.ids());
            }
        }
    }

    @Test
    void anOpenDigestWindowSurvivesTheNodeThatOpenedIt(@Autowired CamelContext camel) throws Exception {
        try (AutoCloseable apply = Routes.stop(camel, "notification-digest-apply");
                AutoCloseable windows = Routes.stop(camel, "notification-digest-apply-events")) {
            Account alice = likedTwiceAtAnotherNode();
            node.close();
            assertThat(digestsOf(alice)).isZero();
            windows.close();
            await().untilAsserted(() -> assertThat(digestsOf(alice)).isEqualTo(1));
        }
    }

    @Test
    void aDigestThatItsNodeDoesNotFinishIsMadeByTheOther(@Autowired CamelContext camel) throws Exception {
        try (AutoCloseable apply = Routes.stop(camel, "notification-digest-apply");
                AutoCloseable windows = Routes.stop(camel, "notification-digest-apply-events")) {
            Account alice = likedTwiceAtAnotherNode();
            FeedServices.get().database().down();
            await().until(() -> redis.opsForHash().size("{digest}:closed") > 0);
            node.close();
            FeedServices.get().database().up();
            windows.close();
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(digestsOf(alice)).isEqualTo(1));
            await().until(() -> redis.opsForHash().size("{digest}:closed") == 0);
        }
    }

    private Account likedTwiceAtAnotherNode() {
        start("feed.digest-window-seconds=4");
        Account alice = feed.someone();
        Video video = alice.publishes("a title");
        List<Account> likers = Stream.generate(feed::someone).limit(2).toList();
        likers.forEach(liker -> liker.likes(video).isOk());
        await().until(() -> notificationsOf(alice, "like") == 2);
        await().until(() -> redis.opsForHash().size("{digest}:windows") > 0);
        return alice;
    }

    private static long digestsOf(Account account) {
        return notificationsOf(account, "digest");
    }

    private static long notificationsOf(Account account, String type) {
        return StreamSupport.stream(
                        account.post("/notification/list", "")
                                .isOk()
                                .json()
                                .get("notifications")
                                .spliterator(),
                        false)
                .filter(one -> one.get("type").asText().equals(type))
                .count();
    }

    private Feed start(String... properties) {
        node = nodes.start(properties);
        return feed.at(node.getEnvironment());
    }
}
