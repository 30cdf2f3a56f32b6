package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Posts and videos that are published later. The message that releases one is sent by hand where its time does not matter. */
@FeedTest
class PublicationIT {

    private static final Duration LONGER_THAN_ALL_ATTEMPTS = Duration.ofSeconds(3);
    private static final Duration TOMORROW = Duration.ofDays(1);

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
    }

    @Test
    void aPostIsPublishedAtItsTimeAndNotBefore() {
        Instant at = Instant.now().plusMillis(1500);
        Answer answer = schedulePost(at.toString()).isOk();
        assertThat(Instant.parse(answer.json().get("publish_at").asText()))
                .isBetween(at.minusMillis(1), at.plusMillis(1));
        await().untilAsserted(() -> assertThat(posts()).isEqualTo(1));
        assertThat(database.queryForObject(
                        "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', created_at) DIV 1000 FROM posts WHERE title = ?",
                        Long.class,
                        title))
                .isBetween(at.toEpochMilli(), at.toEpochMilli() + 1000);
    }

    @Test
    void aVideoIsPublishedAtItsTimeAsIfItCameThen() {
        String timeline = broker.copyOf("video.timeline.events");
        Account alice = feed.someone();
        scheduleVideo(alice, Instant.now().plusMillis(1500).toString()).isOk();
        assertThat(videos(alice)).isEmpty();
        await().untilAsserted(() -> assertThat(videos(alice)).hasSize(1));
        Video video = new Video(feed, videos(alice).get(0));
        assertThat(video.detail().get("username").asText()).isEqualTo(alice.name());
        assertThat(video.detail().get("play_url").asText()).isEqualTo("/v.mp4");
        assertThat(video.tags()).containsExactly("scheduled");
        await().untilAsserted(() -> assertThat(broker.takeAll(timeline))
                .anySatisfy(message -> assertThat(
                                broker.body(message).get("video_id").asLong())
                        .isEqualTo(video.id())));
    }

    @Test
    void whatIsDueIsPublishedOnceHoweverOftenItsMessageComes() {
        Account alice = feed.someone();
        String post = idOf(schedulePost(in(TOMORROW)));
        String video = idOf(scheduleVideo(alice, in(TOMORROW)));
        for (int i = 0; i < 3; i++) {
            release(post);
            release(video);
        }
        awaitWhatWasSent();
        assertThat(posts()).isEqualTo(1);
        assertThat(videos(alice)).hasSize(1);
    }

    @Test
    void whatIsCancelledIsNotPublished() {
        Account alice = feed.someone();
        String post = idOf(schedulePost(in(TOMORROW)));
        String video = idOf(scheduleVideo(alice, in(TOMORROW)));
        feed.delete("/posts/" + post).isOk();
        cancel(alice, video).isOk();
        release(post);
        release(video);
        awaitWhatWasSent();
        assertThat(posts()).isZero();
        assertThat(videos(alice)).isEmpty();
    }

    @Test
    void whatIsPublishedCanNoMoreBeCancelled() {
        Account alice = feed.someone();
        String post = idOf(schedulePost(in(TOMORROW)));
        String video = idOf(scheduleVideo(alice, in(TOMORROW)));
        release(post);
        release(video);
        await().untilAsserted(() -> assertThat(posts() + videos(alice).size()).isEqualTo(2));
        feed.delete("/posts/" + post).isRefused(409, "published already");
        cancel(alice, video).isRefused(409, "published already");
    }

    @Test
    void aVideoIsCancelledByItsAuthorOnly() {
        Account alice = feed.someone();
        String video = idOf(scheduleVideo(alice, in(TOMORROW)));
        cancel(feed.someone(), video).isRefused(404, "publication not found");
        feed.delete("/posts/" + video).isRefused(404, "publication not found");
        release(video);
        await().untilAsserted(() -> assertThat(videos(alice)).hasSize(1));
    }

    @Test
    void cancellingNeedsToKnowThePublication() {
        feed.delete("/posts/" + UUID.randomUUID()).isRefused(404, "publication not found");
        feed.someone().post("/video/cancelPublication", Map.of()).isRefused(400, "publication_id is required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2020-01-01T00:00:00Z",
                "2999-01-01T00:00:00Z",
                "2027-02-30T00:00:00Z",
                "tomorrow",
                "2027-01-01",
                "2027-01-01T00:00:00"
            })
    void aTimeThatIsNoneOfTheNextThirtyDaysIsRefused(String publishAt) {
        schedulePost(publishAt).isRefused(400, "publish_at");
        scheduleVideo(feed.someone(), publishAt).isRefused(400, "publish_at");
        assertThat(scheduled()).isZero();
    }

    @Test
    void thirtyDaysAheadIsPossibleAndThirtyOneAreNot() {
        schedulePost(in(Duration.ofDays(30).minusMinutes(1))).isOk();
        schedulePost(in(Duration.ofDays(30).plusMinutes(1))).isRefused(400, "publish_at");
    }

    @Test
    void aTimeCountsWithItsOffset() {
        Instant at = Instant.now().plus(TOMORROW);
        String publishAt = at.atOffset(ZoneOffset.ofHours(8)).toString();
        assertThat(Instant.parse(
                        schedulePost(publishAt).isOk().json().get("publish_at").asText()))
                .isBetween(at.minusMillis(1), at.plusMillis(1));
    }

    @Test
    void whatIsScheduledWhileTheBrokerIsDownIsPublishedOnceAllTheSame() {
        FeedServices.get().broker().down();
        schedulePost(in(Duration.ofSeconds(1))).isOk();
        await().untilAsserted(() -> assertThat(posts()).isEqualTo(1));
        FeedServices.get().broker().up();
        awaitWhatWasSent();
        assertThat(posts()).isEqualTo(1);
    }

    @Test
    void whatComesDueWhileTheDatabaseIsDownIsPublishedWhenItIsBack() {
        schedulePost(in(Duration.ofSeconds(1))).isOk();
        FeedServices.get().database().down();
        await().during(LONGER_THAN_ALL_ATTEMPTS).until(() -> broker.depth("publication.due.dlq") == 0);
        FeedServices.get().database().up();
        await().ignoreExceptions().untilAsserted(() -> assertThat(posts()).isEqualTo(1));
    }

    @Test
    void aMessageThatIsLostIsMissedByNobody() {
        String post = idOf(schedulePost(in(TOMORROW)));
        isDue(post);
        await().untilAsserted(() -> assertThat(posts()).isEqualTo(1));
    }

    @Test
    void aMessageThatComesEarlyPublishesNothing() {
        String post = idOf(schedulePost(in(TOMORROW)));
        send(post);
        awaitWhatWasSent();
        assertThat(posts()).isZero();
    }

    @Test
    void withTheDatabaseDownNothingIsScheduledAndItCanBeTriedAgain() {
        FeedServices.get().database().down();
        schedulePost(in(TOMORROW)).isRefused(503, "not available");
        FeedServices.get().database().up();
        await().until(() -> schedulePost(in(TOMORROW)).status() == 200);
        await().ignoreExceptions().untilAsserted(() -> assertThat(scheduled()).isEqualTo(1));
    }

    private Answer schedulePost(String publishAt) {
        return feed.post("/posts", Map.of("title", title, "content", "c", "publish_at", publishAt));
    }

    private static Answer scheduleVideo(Account author, String publishAt) {
        return author.post(
                "/video/publish",
                Map.of(
                        "title",
                        "a #scheduled party",
                        "play_url",
                        "/v.mp4",
                        "cover_url",
                        "/c.jpg",
                        "publish_at",
                        publishAt));
    }

    private static Answer cancel(Account account, String publication) {
        return account.post("/video/cancelPublication", Map.of("publication_id", publication));
    }

    private static String idOf(Answer answer) {
        return answer.isOk().json().get("publication_id").asText();
    }

    private static String in(Duration time) {
        return Instant.now().plus(time).toString();
    }

    /** Does what the broker does when the time has come. */
    private void release(String publication) {
        isDue(publication);
        send(publication);
    }

    private void isDue(String publication) {
        database.update("UPDATE publications SET publish_at = UTC_TIMESTAMP(3) WHERE id = ?", publication);
    }

    private void send(String publication) {
        broker.publish("", "publication.due", "{\"publication_id\":\"%s\"}".formatted(publication));
    }

    /** A queue is taken from in its order: what was sent before this is applied after it. */
    private void awaitWhatWasSent() {
        String last = title;
        title = "last-" + title;
        release(idOf(schedulePost(in(TOMORROW))));
        await().untilAsserted(() -> assertThat(posts()).isEqualTo(1));
        title = last;
    }

    private long posts() {
        return database.queryForObject("SELECT COUNT(*) FROM posts WHERE title = ?", Long.class, title);
    }

    private List<Long> videos(Account author) {
        return database.queryForList("SELECT id FROM videos WHERE author_id = ?", Long.class, author.id());
    }

    private long scheduled() {
        return database.queryForObject(
                "SELECT COUNT(*) FROM publications WHERE payload LIKE ?", Long.class, "%" + title + "%");
    }
}
