package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The newest videos in Redis. Those of the messages here are not in the database, so that nobody can find them there. */
@FeedTest
class TimelineIT {

    private static final String TIMELINE = "feed:global_timeline";
    private static final String PARKED = "video.timeline.update.queue.dlq";
    private static final long UNKNOWN = 9_000_000_000_000_000L;

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    StringRedisTemplate redis;

    @AfterEach
    void forgetTheVideosOfTheTest() {
        FeedServices.get().redis().up();
        await().ignoreExceptions().until(() -> redis.delete(TIMELINE) != null);
    }

    @Test
    void aPublishedVideoIsThereWithTheTimeThatIsStored() {
        Video video = feed.someVideo();
        long created = Instant.parse(video.detail().get("create_time").asText()).toEpochMilli();
        await().untilAsserted(() -> assertThat(video.timeOnTheTimeline()).isEqualTo(created));
    }

    @Test
    void aVideoThatAGoNodeAnnouncesTwiceIsThereOnce() {
        long now = System.currentTimeMillis();
        announce(UNKNOWN, now);
        announce(UNKNOWN, now);
        announce(UNKNOWN + 1, now);
        await().untilAsserted(() -> assertThat(timeOf(UNKNOWN + 1)).isEqualTo(now));
        assertThat(timeOf(UNKNOWN)).isEqualTo(now);
    }

    @Test
    void theNewestThousandAreKept() {
        long now = System.currentTimeMillis() + 60_000;
        LongStream.rangeClosed(0, 1000).forEach(i -> announce(UNKNOWN + i, now + i));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(timeOf(UNKNOWN + 1000)).isEqualTo(now + 1000));
        await().untilAsserted(
                        () -> assertThat(redis.opsForZSet().zCard(TIMELINE)).isEqualTo(1000));
        assertThat(timeOf(UNKNOWN)).isNull();
        assertThat(timeOf(UNKNOWN + 1)).isEqualTo(now + 1);
    }

    @Test
    void withRedisDownNoMessageIsParkedAndTheVideoIsThereLater() {
        broker.takeAll(PARKED);
        FeedServices.get().redis().down();
        Video video = feed.someVideo();
        await().until(() -> broker.depth("video.timeline.update.queue") == 0);
        FeedServices.get().redis().up();
        await().atMost(Duration.ofSeconds(15))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(video.timeOnTheTimeline()).isNotNull());
        assertThat(broker.takeAll(PARKED)).isEmpty();
    }

    @Test
    void afterRedisHasLostItsDataTheVideosAreThereAgain() {
        Video video = feed.someVideo();
        await().untilAsserted(() -> assertThat(video.timeOnTheTimeline()).isNotNull());
        redis.delete(TIMELINE);
        await().untilAsserted(() -> assertThat(video.timeOnTheTimeline()).isNotNull());
    }

    @Test
    void whatIsNoVideoIsParked() {
        broker.takeAll(PARKED);
        broker.publish("video.timeline.events", "video.timeline.publish", "{\"video_id\":0}");
        assertThat(broker.take(PARKED)).isNotNull();
    }

    @Test
    void aVideoThatClaimsToBeFromTheFutureIsParkedAndShownNowhere() {
        long now = System.currentTimeMillis();
        announce(UNKNOWN, now + 600_000);
        announce(UNKNOWN + 1, now);
        assertThat(broker.take(PARKED)).isNotNull();
        await().untilAsserted(() -> assertThat(timeOf(UNKNOWN + 1)).isEqualTo(now));
        assertThat(timeOf(UNKNOWN)).isNull();
    }

    private Double timeOf(long video) {
        return redis.opsForZSet().score(TIMELINE, Long.toString(video));
    }

    private void announce(long video, long createTime) {
        broker.publish("video.timeline.events", "video.timeline.publish", """
                {"event_id":"a","video_id":%d,"create_time":%d,"occurred_at":"2026-02-01T07:59:59.123456789+08:00"}""".formatted(video, createTime));
    }
}
