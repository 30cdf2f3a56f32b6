package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.NotificationStream;
import io.feedroutes.support.RealBrokerOnly;
import io.feedroutes.support.Video;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a second node does, started with other properties, or without a part. */
@FeedTest
class NodesIT {

    private static final List<String> SHARED = List.of(
            "spring.rabbitmq.host",
            "spring.rabbitmq.port",
            "spring.rabbitmq.username",
            "spring.rabbitmq.password",
            "spring.rabbitmq.virtual-host",
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.datasource.password",
            "spring.data.redis.host",
            "spring.data.redis.port",
            "spring.data.redis.database",
            "feed.jwt-secret",
            "feed.uploads-directory",
            "feed.rate-limit.enabled");

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    Environment environment;

    @Autowired
    StringRedisTemplate redis;

    private ConfigurableApplicationContext node;

    @AfterEach
    void stopTheNode() {
        if (node != null) {
            node.close();
        }
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
    void twoNodesSendEachVideoToTheTimelineOnce() {
        String sent = broker.copyOf("video.timeline.events");
        Feed other = start();
        Account alice = feed.someone();
        Set<Long> videos = IntStream.range(0, 100)
                .parallel()
                .mapToObj(i ->
                        alice.at(i % 2 == 0 ? feed : other).publishes("a title").id())
                .collect(toSet());
        List<Long> told = new ArrayList<>();
        await().untilAsserted(() -> {
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
        redis.opsForList().leftPush("like:accepted:%d:%d".formatted(alice.id(), video.id()), "no state");
        alice.likes(video).isOk();
    }

    @Test
    void commentsAndFollowsHaveLimitsOfTheirOwnAndSharedWithWhatTakesThemBack() {
        Feed limited = start(
                "feed.rate-limit.enabled=true",
                "feed.rate-limit.comment-write=1/60",
                "feed.rate-limit.social-write=1/60");
        Account alice = feed.someone().at(limited);
        Account bob = feed.someone();
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
                "feed.rate-limit.account-change-password=1/60",
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

    private static Map<String, String> someAddress() {
        long part = ThreadLocalRandom.current().nextLong(1L << 32);
        return Map.of("X-Forwarded-For", "2001:db8::%x:%x".formatted(part >> 16, part & 0xffff));
    }

    @Test
    void withoutRedisNoRequestIsCountedOrRefused() {
        Feed limited = start("feed.rate-limit.enabled=true", "feed.rate-limit.like-write=1/60");
        Account alice = feed.someone().at(limited);
        List<Video> videos = Stream.generate(feed::someVideo).limit(3).toList();
        FeedServices.get().redis().down();
        assertThat(videos).allSatisfy(video -> alice.likes(video).isOk());
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
    void whileAWorkerIsBusyTheOtherDoesAllOtherTasks(
            @Autowired JdbcTemplate database, @Value("${feed.uploads-directory}") Path uploads) throws Exception {
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
        List<String> digests = List.of("notification-digest-apply", "notification-digest-apply-events");
        for (String route : digests) {
            camel.getRouteController().stopRoute(route);
        }
        try {
            start("feed.digest-window-seconds=4");
            Account alice = feed.someone();
            Video video = alice.publishes("a title");
            feed.someone().likes(video).isOk();
            feed.someone().likes(video).isOk();
            await().until(() -> redis.opsForHash().size("digest:windows") > 0);
            node.close();
            assertThat(digestsOf(alice)).isZero();
            camel.getRouteController().startRoute("notification-digest-apply-events");
            await().untilAsserted(() -> assertThat(digestsOf(alice)).isEqualTo(1));
        } finally {
            for (String route : digests) {
                camel.getRouteController().startRoute(route);
            }
        }
    }

    private static long digestsOf(Account account) {
        return StreamSupport.stream(
                        account.post("/notification/list", "")
                                .isOk()
                                .json()
                                .get("notifications")
                                .spliterator(),
                        false)
                .filter(one -> one.get("type").asText().equals("digest"))
                .count();
    }

    private Feed start(String... properties) {
        Map<String, Object> all =
                new HashMap<>(Map.of("server.port", 0, "management.server.port", 0, "camel.main.jmx-enabled", false));
        SHARED.stream()
                .filter(environment::containsProperty)
                .forEach(name -> all.put(name, environment.getProperty(name)));
        for (String property : properties) {
            all.put(property.split("=")[0], property.split("=")[1]);
        }
        node = new SpringApplicationBuilder(FeedRoutesApplication.class)
                .environment(nodeEnvironment(all))
                .run();
        return feed.at(node.getEnvironment());
    }

    private static StandardEnvironment nodeEnvironment(Map<String, Object> properties) {
        StandardEnvironment node = new StandardEnvironment();
        node.getPropertySources().addFirst(new MapPropertySource("node", properties));
        return node;
    }
}
