package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.redis.RedisScripts;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** What happens when somebody likes a video. */
@FeedTest
class LikeIT {

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    @Autowired
    StringRedisTemplate redis;

    @Test
    void aLikeMovesTheRowTheCountersAndTheHotScore() {
        Video video = feed.someVideo();
        feed.someone().likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
    }

    @Test
    void aLikeIsWholeThoughItsSecondMessageIsLost(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        try (AutoCloseable stopped = Routes.stop(camel, "popularity-repair")) {
            broker.publish(
                    "like.events",
                    "like.like",
                    event("like", 1, video, Instant.now().toString())
                            .replace("}", ",\"popularity_event_id\":\"only-%d\"}".formatted(video.id())));
            await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
        }
    }

    @Test
    void theSecondMessageOfALikeCountsNothingMore() {
        String copy = broker.copyOf("video.popularity.events");
        Video video = feed.someVideo();
        feed.someone().likes(video).isOk();
        Message second = broker.take(copy);
        broker.publish(second);
        broker.publishChange("foreign-" + video.id(), video, 5);
        await().untilAsserted(() -> assertThat(video.hotScore()).isEqualTo(6));
        assertThat(hotChanges(video)).isEqualTo(2);
    }

    @Test
    void anUnlikeRightAfterTheLikeTakesItBack() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.likes(video).isOk();
        alice.unlikes(video).isOk();
        await().untilAsserted(() -> assertThat(hotChanges(video)).isEqualTo(2));
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(0)));
    }

    @Test
    void theAnswerSaysWhatWasAccepted() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        assertThat(alice.likes(video).isOk().text()).isEqualTo("{\"message\":\"like success\"}");
        assertThat(alice.unlikes(video).isOk().text()).isEqualTo("{\"message\":\"unlike success\"}");
    }

    @Test
    void aSecondLikeIsRefusedAndPublishesNothing() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.likes(video).isOk();
        String copy = broker.copyOf("like.events");
        alice.likes(video).isRefused(409, "user has liked this video");
        feed.someone().likes(video).isOk();
        assertThat(broker.body(broker.take(copy)).get("user_id").asLong()).isNotEqualTo(alice.id());
    }

    @Test
    void anUnlikeWithoutALikeIsRefused() {
        feed.someone().unlikes(feed.someVideo()).isRefused(409, "user has not liked this video");
    }

    @Test
    void ofManyLikesAtOnceOneIsAccepted() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        List<Integer> statuses = AtOnce.times(16, i -> alice.likes(video).status());
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 409);
    }

    @Test
    void aVideoThatDoesNotExistCannotBeLiked() {
        feed.someone().likes(new Video(feed, Long.MAX_VALUE)).isRefused(404, "video not found");
    }

    @Test
    void isLikedSaysWhatWasAcceptedLast() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        assertThat(alice.isToldToLike(video)).isFalse();
        alice.likes(video).isOk();
        assertThat(alice.isToldToLike(video)).isTrue();
        alice.unlikes(video).isOk();
        assertThat(alice.isToldToLike(video)).isFalse();
    }

    @Test
    void isLikedKnowsALikeThatRedisHasForgotten() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.likes(video).isOk();
        await().until(() -> video.isLikedBy(alice));
        redis.delete(accepted(alice, video));
        assertThat(alice.isToldToLike(video)).isTrue();
    }

    @Test
    void isLikedKnowsAnUnlikeThatRedisHasMissed() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.likes(video).isOk();
        await().until(() -> video.isLikedBy(alice));
        FeedServices.get().redis().down();
        alice.unlikes(video).isOk();
        await().until(() -> !video.isLikedBy(alice));
        FeedServices.get().redis().up();
        await().ignoreExceptions().until(() -> redis.hasKey(accepted(alice, video)));
        assertThat(alice.isToldToLike(video)).isFalse();
    }

    @Test
    void anUnlikeWhoseAnswerOfRedisIsLostAndThatIsRefusedIsNotAcceptedThere(@Autowired CamelContext camel)
            throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        try (AutoCloseable stopped = Routes.stop(camel, "like-apply")) {
            alice.likes(video).isOk();
            FeedServices.get().redis().answersWithheld();
            alice.unlikes(video).isRefused(409, "user has not liked this video");
            FeedServices.get().redis().up();
        }
        await().until(() -> video.isLikedBy(alice));
        await().ignoreExceptions().until(() -> !redis.hasKey(accepted(alice, video)));
        assertThat(alice.isToldToLike(video)).isTrue();
        alice.unlikes(video).isOk();
    }

    @Test
    void whatRedisCouldNotSayInTimeItIsAskedAgain(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        try (AutoCloseable stopped = Routes.stop(camel, "like-apply")) {
            alice.likes(video).isOk();
            redis.execute((RedisConnection longerThanTheTimeout) ->
                    longerThanTheTimeout.execute("CLIENT", "PAUSE".getBytes(UTF_8), "300".getBytes(UTF_8)));
            alice.unlikes(video).isOk();
        }
    }

    @Test
    void whoeverAsksRedisAgainGetsTheSameAnswer(@Autowired RedisScripts scripts) {
        String pair = "like:accepted:test:" + UUID.randomUUID();
        List<String> keys = List.of(pair, pair + ":lately");
        List<String> like = List.of("an-event", "1", "1700000000000", "0", "0", "null");
        List<String> anotherLike = List.of("another-event", "1", "1700000000001", "0", "0", "null");
        assertThat(scripts.run("accept-state", keys, like)).isEqualTo("1700000000000");
        assertThat(scripts.run("accept-state", keys, like)).isEqualTo("1700000000000");
        assertThat(scripts.run("accept-state", keys, anotherLike)).isEqualTo("0");
    }

    @Test
    void whatOnlyRedisAcceptsIsKeptForAMinute(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        try (AutoCloseable stopped = Routes.stop(camel, "like-apply")) {
            alice.likes(video).isOk();
            assertThat(redis.getExpire(accepted(alice, video))).isBetween(3500L, 3600L);
            alice.unlikes(video).isOk();
            assertThat(redis.getExpire(accepted(alice, video))).isBetween(1L, 60L);
        }
    }

    @Test
    void aLikeThatRedisHasForgottenIsStillRefusedTwice() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.likes(video).isOk();
        await().until(() -> video.isLikedBy(alice));
        redis.delete(accepted(alice, video));
        alice.likes(video).isRefused(409, "user has liked this video");
    }

    @Test
    void likedVideosAreListedNewestLikeFirst() {
        Account alice = feed.someone();
        Video first = feed.someVideo();
        Video second = feed.someVideo();
        alice.likes(second).isOk();
        alice.likes(first).isOk();
        await().untilAsserted(() -> assertThat(
                        alice.post("/like/listMyLikedVideos", "{}").isOk().json())
                .extracting(video -> video.get("id").asLong())
                .containsExactly(first.id(), second.id()));
    }

    @Test
    void whatWasAcceptedIsListedThoughNothingIsStored(@Autowired CamelContext camel) throws Exception {
        Account alice = feed.someone();
        Video first = feed.someVideo();
        Video second = feed.someVideo();
        alice.likes(first).isOk();
        await().until(() -> first.isLikedBy(alice));
        try (AutoCloseable stopped = Routes.stop(camel, "like-apply")) {
            alice.likes(second).isOk();
            assertThat(liked(alice)).containsExactly(second.id(), first.id());
            alice.unlikes(first).isOk();
            assertThat(liked(alice)).containsExactly(second.id());
            alice.likes(first).isOk();
            assertThat(liked(alice)).containsExactly(first.id(), second.id());
            alice.unlikes(second).isOk();
            assertThat(liked(alice)).containsExactly(first.id());
        }
        await().until(() -> states(second) == 1);
        assertThat(liked(alice)).containsExactly(first.id());
    }

    @Test
    void whatIsStoredLaterCountsInTheList() {
        Account alice = feed.someone();
        Video video = feed.someVideo();
        alice.likes(video).isOk();
        String later = Instant.now().plusSeconds(60).toString();
        broker.publish("like.events", "like.unlike", event("unlike", alice.id(), video, later));
        await().until(() -> states(video) == 1 && !video.isLikedBy(alice));
        assertThat(redis.hasKey(accepted(alice, video))).isTrue();
        assertThat(liked(alice)).isEmpty();
    }

    @Test
    void whatIsTakenBackIsNotListed() {
        Account alice = feed.someone();
        Video video = feed.someVideo();
        FeedServices.get().broker().down();
        database.execute("ALTER TABLE like_states ADD CONSTRAINT nobody CHECK (video_id <> " + video.id() + ")");
        try {
            alice.likes(video).isRefused(500, "internal error");
        } finally {
            database.execute("ALTER TABLE like_states DROP CONSTRAINT nobody");
        }
        assertThat(liked(alice)).isEmpty();
    }

    @Test
    void withoutRedisTheDatabaseAloneSaysWhatIsLiked() {
        Account alice = feed.someone();
        Video video = feed.someVideo();
        alice.likes(video).isOk();
        await().until(() -> video.isLikedBy(alice));
        FeedServices.get().redis().down();
        assertThat(liked(alice)).containsExactly(video.id());
    }

    @Test
    void ofManyThatWereAcceptedTheLastTwoHundredAreKept(@Autowired RedisScripts scripts) {
        String lately = "like:accepted:test-" + UUID.randomUUID();
        for (int i = 1; i <= 250; i++) {
            scripts.run(
                    "accept-state", List.of(lately + ":" + i, lately), List.of("event", "1", "" + i, "0", "0", "null"));
        }
        assertThat(broker.read(scripts.run("list-accepted", List.of(lately), List.of())))
                .extracting(one -> one.get("id").asInt())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(51, 250).boxed().toList());
        assertThat(redis.getExpire(lately)).isBetween(3500L, 3600L);
    }

    @Test
    void theMessageIsTheEventAndNothingElseOfTheRequest() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        String copy = broker.copyOf("like.events");
        Answer answer = alice.post(
                "/like/like?secret=1", Map.of("video_id", video.id(), "user_id", 4711), Map.of("X-Secret", "2"));

        Message message = broker.take(copy);
        JsonNode event = broker.body(message);
        assertThat(event.fieldNames())
                .toIterable()
                .containsExactly("event_id", "action", "user_id", "video_id", "occurred_at", "popularity_event_id");
        assertThat(message.getMessageProperties().getReceivedRoutingKey()).isEqualTo("like.like");
        assertThat(event.get("event_id").asText()).matches("[0-9a-f]{32}");
        assertThat(event.get("action").asText()).isEqualTo("like");
        assertThat(event.get("user_id").numberValue()).isEqualTo((int) alice.id());
        assertThat(event.get("video_id").numberValue()).isEqualTo((int) video.id());
        assertThat(OffsetDateTime.parse(event.get("occurred_at").asText()).toInstant())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(message.getMessageProperties().getMessageId())
                .isEqualTo(event.get("event_id").asText())
                .isEqualTo(answer.headers().firstValue("X-Event-Id").orElseThrow());
        assertThat(message.getMessageProperties().getContentType()).isEqualTo("application/json");
        assertThat(message.getMessageProperties().getReceivedDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
        assertThat(message.getMessageProperties().getHeaders()).isEmpty();
    }

    @Test
    void aPopularityChangeIsPublishedWithEachOperation() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        String copy = broker.copyOf("video.popularity.events");
        alice.likes(video).isOk();
        alice.unlikes(video).isOk();
        Message like = broker.take(copy);
        assertThat(broker.body(like).fieldNames())
                .toIterable()
                .containsExactly("event_id", "video_id", "change", "occurred_at", "counted_with");
        assertThat(like.getMessageProperties().getReceivedRoutingKey()).isEqualTo("video.popularity.update");
        assertThat(List.of(like, broker.take(copy)))
                .extracting(message -> broker.body(message).get("change").asInt())
                .containsExactly(1, -1);
    }

    @Test
    void theLaterOperationWinsWhateverComesFirst() {
        Video video = feed.someVideo();
        broker.publish("like.events", "like.unlike", event("unlike", 1, video, "2026-01-01T00:00:02Z"));
        broker.publish("like.events", "like.like", event("like", 1, video, "2026-01-01T00:00:01Z"));
        broker.publish("like.events", "like.like", event("like", 2, video, "2026-01-01T00:00:01Z"));
        await().untilAsserted(() -> assertThat(states(video)).isEqualTo(2));
        assertThat(video.likesCount()).isEqualTo(1);
    }

    @Test
    void anOffsetAndNanosecondsOfAForeignProducerAreUnderstood() {
        Video video = feed.someVideo();
        broker.publish("like.events", "like.like", event("like", 1, video, "2026-01-01T08:00:02.123456789+08:00"));
        await().untilAsserted(() -> assertThat(states(video)).isEqualTo(1));
        assertThat(database.queryForObject(
                        "SELECT CAST(changed_at AS CHAR) FROM like_states WHERE video_id = ?",
                        String.class,
                        video.id()))
                .isEqualTo("2026-01-01 00:00:02.123456");
    }

    @Test
    void aLikeOfAVideoThatDoesNotExistIsRejectedAndNotParked() {
        broker.takeAll("like.events.dlq");
        String event = event("like", 1, new Video(feed, 987654321), "2026-01-01T00:00:01Z");
        broker.publish("like.events", "like.like", event);
        await().untilAsserted(() -> assertThat(database.queryForObject(
                        "SELECT COUNT(*) FROM rejected_events WHERE event_id = ?",
                        Long.class,
                        broker.read(event).get("event_id").asText()))
                .isEqualTo(1));
        assertThat(broker.depth("like.events.dlq")).isZero();
    }

    @Test
    void aLikeDropsTheVideoFromTheCache() {
        Video video = feed.someVideo();
        redis.opsForValue().set("video:detail:id=" + video.id(), "{}");
        feed.someone().likes(video).isOk();
        await().untilAsserted(() ->
                assertThat(redis.hasKey("video:detail:id=" + video.id())).isFalse());
    }

    @Test
    void withTheBrokerDownALikeDropsTheVideoFromTheCacheToo() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        redis.opsForValue().set("video:detail:id=" + video.id(), "{}");
        FeedServices.get().broker().down();
        alice.likes(video).isOk();
        assertThat(redis.hasKey("video:detail:id=" + video.id())).isFalse();
    }

    @Test
    void hotScoresGoByTheMinuteInWhichItHappenedAndEndAfterTwoHours() {
        Video video = feed.someVideo();
        Instant halfAnHourAgo = Instant.now().minusSeconds(1800);
        broker.publish("video.popularity.events", "video.popularity.update", """
                {"event_id":"%s","video_id":%d,"change":1,"occurred_at":"%s"}""".formatted(
                        UUID.randomUUID(), video.id(), halfAnHourAgo));
        String minute = "hot:video:1m:"
                + halfAnHourAgo.toString().replaceAll("[-:T]", "").substring(0, 12);
        await().untilAsserted(() -> assertThat(redis.opsForZSet().score(minute, Long.toString(video.id())))
                .isEqualTo(1));
        assertThat(redis.getExpire(minute)).isBetween(7100L, 7200L);
    }

    @Test
    void totalsAgreeAfterManyOperationsAndAfterEveryMessageCameTwiceMore() {
        List<Video> videos = Stream.generate(feed::someVideo).limit(10).toList();
        List<Account> accounts = Stream.generate(feed::someone).limit(20).toList();
        String likes = broker.copyOf("like.events");
        String changes = broker.copyOf("video.popularity.events");
        Random random = new Random(1);
        long[] expected = new long[videos.size()];
        for (Account account : accounts) {
            for (int i = 0; i < videos.size(); i++) {
                account.likes(videos.get(i)).isOk();
                if (random.nextInt(4) == 0) {
                    account.unlikes(videos.get(i)).isOk();
                } else {
                    expected[i]++;
                }
            }
        }
        List<List<Long>> totals = IntStream.range(0, videos.size())
                .mapToObj(i -> Video.totalsOf(expected[i]))
                .toList();
        await().untilAsserted(() -> assertThat(videos).extracting(Video::totals).isEqualTo(totals));

        List<Message> again = new ArrayList<>();
        for (Message message : Stream.of(likes, changes)
                .flatMap(copy -> broker.takeAll(copy).stream())
                .toList()) {
            again.add(message);
            again.add(message);
        }
        Collections.shuffle(again, random);
        again.forEach(broker::publish);
        Video last = feed.someVideo();
        accounts.get(0).likes(last).isOk();
        await().untilAsserted(() -> assertThat(last.totals()).isEqualTo(Video.totalsOf(1)));
        assertThat(videos).extracting(Video::totals).isEqualTo(totals);
    }

    private static List<Long> liked(Account account) {
        List<Long> ids = new ArrayList<>();
        account.post("/like/listMyLikedVideos", "{}")
                .isOk()
                .json()
                .forEach(video -> ids.add(video.get("id").asLong()));
        return ids;
    }

    private static String accepted(Account account, Video video) {
        return "like:accepted:{%d}:%d".formatted(account.id(), video.id());
    }

    private long states(Video video) {
        return database.queryForObject("SELECT COUNT(*) FROM like_states WHERE video_id = ?", Long.class, video.id());
    }

    private long hotChanges(Video video) {
        return database.queryForObject(
                "SELECT COUNT(*) FROM popularity_events WHERE video_id = ?", Long.class, video.id());
    }

    private static String event(String action, long account, Video video, String occurredAt) {
        return """
                {"event_id":"%s","action":"%s","user_id":%d,"video_id":%d,"occurred_at":"%s"}""".formatted(UUID.randomUUID().toString().replace("-", ""), action, account, video.id(), occurredAt);
    }
}
