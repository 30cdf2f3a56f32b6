package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** Publishing a video and reading it, from the cache as from the database. */
@FeedTest
class VideoIT {

    @Autowired
    Feed feed;

    @Autowired
    JdbcTemplate database;

    @Autowired
    StringRedisTemplate redis;

    @Test
    void publishingAnswersWithTheVideo() {
        Account alice = feed.someone();
        JsonNode video = alice.post(
                        "/video/publish",
                        Map.of("title", " Tea ", "description", "hot", "play_url", "/t.mp4", "cover_url", "/t.jpg"))
                .isOk()
                .json();
        assertThat(video.fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "author_id",
                        "username",
                        "title",
                        "description",
                        "play_url",
                        "cover_url",
                        "create_time",
                        "likes_count",
                        "popularity",
                        "status");
        assertThat(video.get("title").asText()).isEqualTo("Tea");
        assertThat(video.get("author_id").asLong()).isEqualTo(alice.id());
        assertThat(video.get("username").asText()).isEqualTo(alice.name());
        assertThat(Instant.parse(video.get("create_time").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void detailsAreWhatWasPublished() {
        Account alice = feed.someone();
        JsonNode published = alice.post("/video/publish", Map.of("title", "Tea", "play_url", "/p", "cover_url", "/c"))
                .isOk()
                .json();
        assertThat(new Video(feed, published.get("id").asLong()).detail()).isEqualTo(published);
    }

    @Test
    void aVideoWithoutDescriptionHasNone() {
        assertThat(feed.someVideo().detail().has("description")).isFalse();
    }

    @Test
    void anUnknownVideoIsNotFound() {
        feed.post("/video/getDetail", Map.of("id", Long.MAX_VALUE)).isRefused(404, "record not found");
    }

    @ParameterizedTest
    @CsvSource({"title,title is required", "play_url,play url is required", "cover_url,cover url is required"})
    void whatIsMissingOrBlankIsRefused(String field, String why) {
        Account alice = feed.someone();
        Map<String, Object> publication = new HashMap<>(Map.of("title", "Tea", "play_url", "/p", "cover_url", "/c"));
        publication.put(field, " \u3000");
        alice.post("/video/publish", publication).isRefused(400, why);
        publication.remove(field);
        alice.post("/video/publish", publication).isRefused(400, why);
        publication.put(field, 7);
        alice.post("/video/publish", publication).isRefused(400, field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v.mp4", " /my tea.mp4\n", "http://host/v.mp4", "HTTPS://Host:8443/v.mp4?a=b:c#d", "/茶.mp4"})
    void aPathOrAUrlOfHttpIsTaken(String url) {
        JsonNode video = feed.someone()
                .post("/video/publish", Map.of("title", "Tea", "play_url", url, "cover_url", url))
                .isOk()
                .json();
        assertThat(video.get("play_url").asText()).isEqualTo(url.strip());
        assertThat(video.get("cover_url").asText()).isEqualTo(url.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " javascript:alert(1)",
                "java\tscript:alert(1)",
                "\u0001javascript:alert(1)",
                "data:text/html,x",
                "ftp://host/v.mp4",
                "http:javascript",
                "http:///v.mp4",
                "http://host/\nv.mp4",
                "//host/v.mp4",
                "/\\host/v.mp4",
                "/\t/host/v.mp4",
                "v.mp4"
            })
    void anyOtherUrlIsRefused(String url) {
        Account alice = feed.someone();
        alice.post("/video/publish", Map.of("title", "Tea", "play_url", url, "cover_url", "/c"))
                .isRefused(400, "play_url: must be a path that begins with /, or a URL of http or https");
        alice.post("/video/publish", Map.of("title", "Tea", "play_url", "/p", "cover_url", url))
                .isRefused(400, "cover_url: must be a path that begins with /, or a URL of http or https");
    }

    @Test
    void theHashtagsOfTitleAndDescriptionAreTheTags() {
        assertThat(publish("##Tea at #five_5, x#茶", "#été! # #-").tags())
                .containsExactlyInAnyOrder("Tea", "five_5", "茶", "été");
    }

    @Test
    void hashtagsThatDifferInCaseAreOneTag() {
        assertThat(publish("#Foo #foo", "#FOO").tags()).hasSize(1);
    }

    @Test
    void aHashtagCanBeLongerThanATag() {
        assertThat(publish("#" + "x".repeat(150), "").tags()).containsExactly("x".repeat(100));
    }

    @Test
    void aNewTagThatAnotherIsJustStoringIsTheSameTag() {
        String tag = "t" + UUID.randomUUID().toString().replace("-", "");
        Account alice = feed.someone();
        database.execute((Connection other) -> {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("INSERT INTO tags (name) VALUES ('" + tag + "')");
                CompletableFuture<Video> publishing = CompletableFuture.supplyAsync(() -> alice.publishes("#" + tag));
                await().during(Duration.ofMillis(500)).until(() -> !publishing.isDone());
                other.commit();
                assertThat(publishing.join().tags()).containsExactly(tag);
            } finally {
                other.rollback();
                other.setAutoCommit(true);
            }
            return null;
        });
    }

    @Test
    void manyCanUseTheSameNewTagsAtOnce() throws Exception {
        List<String> tags = Stream.generate(
                        () -> "t" + UUID.randomUUID().toString().replace("-", ""))
                .limit(5)
                .toList();
        Account alice = feed.someone();
        ExecutorService publishers = Executors.newFixedThreadPool(16);
        List<Callable<Video>> publications = IntStream.range(0, 64)
                .<Callable<Video>>mapToObj(i -> () -> alice.publishes("#" + String.join(" #", shuffled(tags, i))))
                .toList();
        for (Future<Video> publication : publishers.invokeAll(publications)) {
            assertThat(publication.get().tags()).hasSize(5);
        }
        publishers.shutdown();
    }

    @Test
    void aVideoIsPublishedWholeOrNotAtAll() {
        Account alice = feed.someone();
        database.execute("RENAME TABLE tags TO tags_away");
        try {
            alice.post("/video/publish", Map.of("title", "#tea", "play_url", "/p", "cover_url", "/c"))
                    .isRefused(500, "internal error");
        } finally {
            database.execute("RENAME TABLE tags_away TO tags");
        }
        assertThat(videosOf(alice)).isEmpty();
    }

    @Test
    void aCachedVideoIsAsTheDatabaseHasIt() {
        Video video = feed.someone().publishes("\"'${body} Ünï ☕");
        JsonNode read = video.detail();
        assertThat(video.detail()).isEqualTo(read);
    }

    @Test
    void aVideoIsCachedForSecondsOnlyForNobodyDropsItWhileRedisIsAway() {
        Video video = feed.someVideo();
        video.detail();
        assertThat(redis.getExpire(cacheKey(video))).isBetween(1L, 15L);
    }

    @Test
    void aCachedVideoIsDroppedWhenACounterMoves() {
        Video video = feed.someVideo();
        video.detail();
        feed.someone().likes(video).isOk();
        await().untilAsserted(() ->
                assertThat(video.detail().get("likes_count").asLong()).isEqualTo(1));
    }

    @Test
    void aReaderThatACounterOvertakesDoesNotCacheWhatItRead() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        String lease = "lock:{%s}".formatted(cacheKey(video));
        database.execute((Connection other) -> {
            try (Statement statement = other.createStatement()) {
                // Who reads a video waits for it; who counts a like does not.
                statement.execute("LOCK TABLES video_files WRITE");
                CompletableFuture<JsonNode> reading = CompletableFuture.supplyAsync(video::detail);
                await().until(() -> redis.hasKey(lease));
                alice.likes(video).isOk();
                await().atMost(Duration.ofSeconds(3)).until(() -> !redis.hasKey(lease));
                statement.execute("UNLOCK TABLES");
                reading.join();
                assertThat(redis.hasKey(cacheKey(video))).isFalse();
            } finally {
                other.createStatement().execute("UNLOCK TABLES");
            }
            return null;
        });
        assertThat(video.detail().get("likes_count").asLong()).isEqualTo(1);
    }

    @Test
    void withoutRedisDetailsComeFromTheDatabase() {
        Video video = feed.someVideo();
        JsonNode read = video.detail();
        FeedServices.get().redis().down();
        assertThat(video.detail()).isEqualTo(read);
    }

    @Test
    void theVideosOfAnAuthorAreListedNewestFirst() {
        Account alice = feed.someone();
        Video first = alice.publishes("one");
        Video second = alice.publishes("two");
        assertThat(videosOf(alice)).containsExactly(second.detail(), first.detail());
    }

    @Test
    void whoHasPublishedNothingHasNoVideos() {
        assertThat(feed.post("/video/listByAuthorID", Map.of("author_id", Long.MAX_VALUE))
                        .isOk()
                        .text())
                .isEqualTo("[]");
    }

    @Test
    void sqlInATitleIsATitle() {
        String title = "'); DROP TABLE videos; -- ${body} :#x";
        assertThat(feed.someone().publishes(title).detail().get("title").asText())
                .isEqualTo(title);
    }

    private Video publish(String title, String description) {
        long id = feed.someone()
                .post(
                        "/video/publish",
                        Map.of("title", title, "description", description, "play_url", "/p", "cover_url", "/c"))
                .isOk()
                .json()
                .get("id")
                .asLong();
        return new Video(feed, id);
    }

    private static List<String> shuffled(List<String> tags, int seed) {
        List<String> shuffled = new ArrayList<>(tags);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    private JsonNode videosOf(Account account) {
        return feed.post("/video/listByAuthorID", Map.of("author_id", account.id()))
                .isOk()
                .json();
    }

    private static String cacheKey(Video video) {
        return "video:detail:id=" + video.id();
    }
}
