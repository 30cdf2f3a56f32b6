package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Counters that are wrong, though nothing here makes them so. */
@FeedTest
class RepairIT {

    @Autowired
    Feed feed;

    @Autowired
    JdbcTemplate database;

    @Autowired
    CamelContext camel;

    @Autowired
    MeterRegistry meters;

    private Account alice;
    private Video video;

    /** Other tests have given videos any number of likes, and minutes any score. */
    @BeforeEach
    void aVideoWithALikeWhenAllCountersAreRight() throws Exception {
        run("repair-videos");
        run("repair-minutes");
        alice = feed.someone();
        video = feed.someVideo();
        alice.likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
    }

    @Test
    void theCountersOfAVideoAreMendedAndReportedOnce() throws Exception {
        alice.comments(video, "a comment").isOk();
        await().untilAsserted(() -> assertThat(video.popularity()).isEqualTo(2));
        double before = mended("feed.videos.mended");
        database.update("UPDATE videos SET likes_count = 100, popularity = -7 WHERE id = ?", video.id());
        run("repair-videos");
        assertThat(video.likesCount()).isEqualTo(1);
        assertThat(video.popularity()).isEqualTo(2);
        run("repair-videos");
        assertThat(mended("feed.videos.mended")).isEqualTo(before + 1);
    }

    @Test
    void aVideoWhoseCommentWasDeletedIsNotMended() throws Exception {
        double before = mended("feed.videos.mended");
        alice.comments(video, "a comment").isOk();
        await().untilAsserted(() -> assertThat(video.popularity()).isEqualTo(2));
        alice.deletes(video.comments().get(0).get("id").asLong()).isOk();
        await().untilAsserted(() -> assertThat(video.popularity()).isEqualTo(1));
        run("repair-videos");
        assertThat(mended("feed.videos.mended")).isEqualTo(before);
    }

    @Test
    void theHotScoreOfAMinuteIsMendedReportedOnceAndShown() throws Exception {
        double before = mended("feed.hot.scores.mended");
        database.update(
                "UPDATE popularity_minutes SET score = 99, revision = revision + 1, changed_at = UTC_TIMESTAMP(3)"
                        + " WHERE video_id = ?",
                video.id());
        await().untilAsserted(() -> assertThat(video.hotScore()).isEqualTo(99));
        run("repair-minutes");
        run("repair-minutes");
        assertThat(mended("feed.hot.scores.mended")).isEqualTo(before + 1);
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
        assertThat(score()).isEqualTo(1);
    }

    @Test
    void aMinuteThatIsMissingIsThereAgain() throws Exception {
        database.update("DELETE FROM popularity_minutes WHERE video_id = ?", video.id());
        run("repair-minutes");
        assertThat(score()).isEqualTo(1);
    }

    @Test
    void whileLikesAreAppliedNothingLooksWrong() {
        List<Account> accounts = Stream.generate(feed::someone).limit(8).toList();
        double before = mended("feed.videos.mended") + mended("feed.hot.scores.mended");
        CompletableFuture<?> load = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 5; i++) {
                accounts.forEach(account -> account.likes(video));
                accounts.forEach(account -> account.unlikes(video));
            }
        });
        while (!load.isDone()) {
            run("repair-videos");
            run("repair-minutes");
        }
        load.join();
        assertThat(mended("feed.videos.mended") + mended("feed.hot.scores.mended"))
                .isEqualTo(before);
    }

    @Test
    void aLikeThatIsAppliedWhileItsVideoIsMendedIsCountedOnce() throws Exception {
        database.update("UPDATE videos SET likes_count = 100 WHERE id = ?", video.id());
        try (Connection other = database.getDataSource().getConnection()) {
            other.setAutoCommit(false);
            JdbcTemplate like = new JdbcTemplate(new SingleConnectionDataSource(other, true));
            like.update(
                    "INSERT INTO like_states (video_id, account_id, liked, changed_at) VALUES (?, ?, 1, UTC_TIMESTAMP(6))",
                    video.id(),
                    feed.someone().id());
            CompletableFuture<?> repair = CompletableFuture.runAsync(() -> run("repair-videos"));
            await().until(() -> !database.queryForList("SELECT * FROM information_schema.processlist"
                            + " WHERE info LIKE '%FROM videos WHERE id = % FOR UPDATE%' AND id <> CONNECTION_ID()")
                    .isEmpty());
            other.commit();
            repair.join();
        }
        assertThat(video.likesCount()).isEqualTo(2);
        assertThat(video.popularity()).isEqualTo(2);
    }

    private void run(String route) {
        Exchange exchange = new DefaultExchange(camel);
        try {
            camel.getRoute(route).getProcessor().process(exchange);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        assertThat(exchange.isFailed()).isFalse();
    }

    private double mended(String name) {
        Counter counter = meters.find(name).counter();
        return counter == null ? 0 : counter.count();
    }

    private long score() {
        return database.queryForObject(
                "SELECT SUM(score) FROM popularity_minutes WHERE video_id = ?", Long.class, video.id());
    }
}
