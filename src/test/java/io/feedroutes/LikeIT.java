package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
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
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.beans.factory.annotation.Autowired;
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
        List<Integer> statuses = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> alice.likes(video).status())
                .toList();
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
        redis.delete("like:accepted:" + alice.id() + ":" + video.id());
        assertThat(alice.isToldToLike(video)).isTrue();
    }

    @Test
    void aLikeThatRedisHasForgottenIsStillRefusedTwice() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.likes(video).isOk();
        await().until(() -> video.isLikedBy(alice));
        redis.delete("like:accepted:" + alice.id() + ":" + video.id());
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
                .containsExactly("event_id", "action", "user_id", "video_id", "occurred_at");
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
                .containsExactly("event_id", "video_id", "change", "occurred_at");
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
