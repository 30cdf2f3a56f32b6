package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.sql.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What an Idempotency-Key is worth to a client that does not know whether its request has arrived. */
@FeedTest
class IdempotencyIT {

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    private Account alice;
    private Account bob;
    private Video video;
    private Map<String, String> key;

    @BeforeEach
    void aVideoTwoAccountsAndAKey() {
        alice = feed.someone();
        bob = feed.someone();
        video = bob.publishes("a title");
        key = someKey();
    }

    private static Map<String, String> someKey() {
        return Map.of("Idempotency-Key", '"' + UUID.randomUUID().toString() + '"');
    }

    @Test
    void aMessageThatIsSentTwiceIsOneMessage() {
        Answer first = writes("psst").isOk();
        isTheSame(writes("psst"), first);
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void aLikeThatIsSentTwiceIsAcceptedTwiceAndCountsOnce() {
        String sent = broker.copyOf("like.events");
        Answer first = likes().isOk();
        isTheSame(likes(), first);
        assertThat(broker.body(broker.take(sent)).get("event_id").asText())
                .isEqualTo(first.headers().firstValue("X-Event-Id").orElseThrow());
        await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
        assertThat(broker.takeAll(sent)).isEmpty();
    }

    @Test
    void aLikeThatIsSentTwiceWithoutTheBrokerCountsOnce() {
        FeedServices.get().broker().down();
        isTheSame(likes(), likes().isOk());
        assertThat(video.likesCount()).isEqualTo(1);
    }

    @Test
    void aCommentThatIsSentTwiceIsOneComment() {
        isTheSame(comments(), comments().isOk());
        assertThat(video.comments()).hasSize(1);
    }

    @Test
    void aVideoThatIsPublishedTwiceIsOneVideo() {
        Map<String, String> tea = Map.of("title", "Tea", "play_url", "/v.mp4", "cover_url", "/c.jpg");
        isTheSame(
                alice.post("/video/publish", tea, key),
                alice.post("/video/publish", tea, key).isOk());
        assertThat(feed.post("/video/listByAuthorID", Map.of("author_id", alice.id()))
                        .json())
                .hasSize(1);
    }

    @Test
    void whoHasNoAccountHasKeysToo() {
        String title = UUID.randomUUID().toString();
        Map<String, String> post = Map.of("title", title, "content", "a");
        isTheSame(feed.post("/posts", post, key), feed.post("/posts", post, key).isOk());
        await().untilAsserted(() -> assertThat(posts(title)).isEqualTo(1));
        Map<String, String> dodo = Map.of("username", "dodo-" + UUID.randomUUID(), "password", "caucus-race");
        feed.post("/account/register", dodo, key).isOk();
        feed.post("/account/register", dodo, key).isOk();
    }

    @Test
    void anUploadIsKnownByItsFile() {
        Map<String, String> headers = new HashMap<>(key);
        headers.put("Authorization", "Bearer " + alice.token());
        byte[] mp4 = "\0\0\0\u0018ftypisom\0\0\2\0isomiso2".getBytes(UTF_8);
        Answer first =
                feed.upload("/video/uploadVideo", "tea.mp4", mp4, headers).isOk();
        isTheSame(feed.upload("/video/uploadVideo", "tea.mp4", mp4, headers), first);
        mp4[0] = 1;
        feed.upload("/video/uploadVideo", "tea.mp4", mp4, headers).isRefused(422, "another request");
    }

    @Test
    void whoHasLoggedOutIsToldSoAgain() {
        isTheSame(
                alice.post("/account/logout", "", key),
                alice.post("/account/logout", "", key).isOk());
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefusedAndHasNoEffect() {
        writes("psst").isOk();
        writes("hush").isRefused(422, "the Idempotency-Key was used for another request");
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void aKeyIsOfOneCallerAndOneOperation() {
        likes().isOk();
        bob.post("/like/like", Map.of("video_id", video.id()), key).isOk();
        alice.post("/like/unlike", Map.of("video_id", video.id()), key).isOk();
        await().untilAsserted(() -> assertThat(video.likes()).isEqualTo(1));
    }

    @Test
    void ofManyRequestsAtOnceOneHasItsEffectAndNoneAnotherAnswer() {
        List<Answer> answers = AtOnce.times(20, i -> writes("psst"));
        assertThat(answers).extracting(Answer::status).contains(200).isSubsetOf(200, 409);
        assertThat(answers.stream().filter(answer -> answer.status() == 200).map(Answer::text))
                .containsOnly(writes("psst").isOk().text());
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void whileARequestRunsAnotherOfItIsRefusedAtOnce() throws Exception {
        CompletableFuture<Answer> first;
        try (Connection other = database.getDataSource().getConnection()) {
            other.setAutoCommit(false);
            new JdbcTemplate(new SingleConnectionDataSource(other, true))
                    .queryForList("SELECT * FROM accounts WHERE id = ? FOR UPDATE", alice.id());
            first = CompletableFuture.supplyAsync(this::changesTheBio);
            await().until(() -> database.queryForObject(
                            "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%UPDATE accounts%bio%'"
                                    + " AND id <> CONNECTION_ID()",
                            Long.class)
                    > 0);
            Answer second = changesTheBio().isRefused(409, "a request with this Idempotency-Key is running");
            assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
            other.rollback();
        }
        Answer done = first.join().isOk();
        isTheSame(changesTheBio(), done);
    }

    @Test
    void whatIsNoRequestAtAllLeavesTheKeyFree() {
        alice.post("/message/send", Map.of("to_id", bob.id()), key).isRefused(400, "content");
        writes("psst").isOk();
    }

    @Test
    void whatCouldNotBeDoneIsDoneWhenItIsSentAgain() {
        FeedServices.get().database().down();
        writes("psst").isRefused(503, "not available");
        FeedServices.get().database().up();
        await().until(() -> writes("psst").status() == 200);
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void aRefusalIsAnAnswerThatStays() {
        alice.likes(video).isOk();
        likes().isRefused(409, "user has liked this video");
        alice.unlikes(video).isOk();
        likes().isRefused(409, "user has liked this video");
        assertThat(alice.isToldToLike(video)).isFalse();
    }

    @Test
    void aRequestThatBrokeOffAfterItsEffectHasItOnceWhenItIsSentAgain() {
        brokenOff(() -> {
            likes().isRefused(503, "not available");
            comments().isRefused(503, "not available");
            writes("psst").isRefused(503, "not available");
            await().until(() -> video.likesCount() == 1);
        });
        likes().isOk();
        comments().isOk();
        writes("psst").isOk();
        assertThat(messages()).isEqualTo(1);
        assertThat(video.comments()).hasSize(1);
        bob.likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.isLikedBy(bob)).isTrue());
        assertThat(video.likesCount()).isEqualTo(2);
        assertThat(changes()).isEqualTo(3);
    }

    @Test
    void aCommentThatBrokeOffIsShownOnceThoughItIsNotStored(@Autowired CamelContext camel) throws Exception {
        try (AutoCloseable stopped = Routes.stop(camel, "comment-apply")) {
            brokenOff(() -> comments().isRefused(503, "not available"));
            comments().isOk();
            assertThat(video.comments()).hasSize(1);
        }
    }

    /** The effect is there, or on its way; the transaction that was to keep the answer is not. */
    private void brokenOff(Runnable requests) {
        database.execute(
                "CREATE TRIGGER breaks_off BEFORE UPDATE ON idempotency_keys FOR EACH ROW SIGNAL SQLSTATE '45000'");
        try {
            requests.run();
        } finally {
            database.execute("DROP TRIGGER breaks_off");
        }
    }

    @Test
    void afterADayTheKeyIsFree(@Autowired CamelContext camel) throws Exception {
        writes("psst").isOk();
        database.update("UPDATE idempotency_keys SET created_at = created_at - INTERVAL 25 HOUR");
        Routes.stop(camel, "retention").close();
        await().untilAsserted(() -> {
            writes("psst").isOk();
            assertThat(messages()).isEqualTo(2);
        });
    }

    @Test
    void whoReadsTheDatabaseReadsNoToken() {
        Map<String, String> login = Map.of("username", alice.name(), "password", alice.password());
        String token = feed.post("/account/login", login, key)
                .isOk()
                .json()
                .get("token")
                .asText();
        assertThat(database.queryForList("SELECT CONVERT(answer USING latin1) FROM idempotency_keys", String.class))
                .isNotEmpty()
                .noneMatch(answer -> answer.contains(token));
        assertThat(feed.post("/account/login", login, key).isOk().text()).contains(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "\"", "\"half", "'tea', 'jam'", "tea\\jam"})
    void whatIsNoKeyIsRefused(String malformed) {
        alice.post("/like/like", Map.of("video_id", video.id()), Map.of("Idempotency-Key", malformed))
                .isRefused(400, "Idempotency-Key");
    }

    @Test
    void aKeyIsNoLongerThan255Characters() {
        Map<String, Object> like = Map.of("video_id", video.id());
        String longest =
                Instant.now() + "-".repeat(255 - Instant.now().toString().length());
        alice.post("/like/like", like, Map.of("Idempotency-Key", longest + "--"))
                .isRefused(400, "Idempotency-Key");
        alice.post("/like/like", like, Map.of("Idempotency-Key", "a".repeat(255)))
                .isOk();
    }

    @Test
    void aQueryIgnoresAKey() {
        assertThat(alice.post("/like/isLiked", Map.of("video_id", video.id()), key)
                        .isOk()
                        .json()
                        .get("is_liked")
                        .asBoolean())
                .isFalse();
        alice.likes(video).isOk();
        assertThat(alice.post("/like/isLiked", Map.of("video_id", video.id()), key)
                        .isOk()
                        .json()
                        .get("is_liked")
                        .asBoolean())
                .isTrue();
    }

    private static void isTheSame(Answer again, Answer first) {
        assertThat(again.isOk().text()).isEqualTo(first.text());
        assertThat(List.of("X-Event-Id", "Content-Type"))
                .allSatisfy(header -> assertThat(again.headers().allValues(header))
                        .isEqualTo(first.headers().allValues(header)));
    }

    private Answer likes() {
        return alice.post("/like/like", Map.of("video_id", video.id()), key);
    }

    private Answer comments() {
        return alice.post("/comment/publish", Map.of("video_id", video.id(), "content", "No room!"), key);
    }

    private Answer writes(String content) {
        return alice.post("/message/send", Map.of("to_id", bob.id(), "content", content), key);
    }

    private Answer changesTheBio() {
        return alice.post("/account/updateProfile", Map.of("bio", "curiouser"), key);
    }

    private long messages() {
        return rows("messages WHERE from_id = " + alice.id());
    }

    private long posts(String title) {
        return rows("posts WHERE title = '%s'".formatted(title));
    }

    private long changes() {
        return rows("popularity_events WHERE video_id = " + video.id());
    }

    private long rows(String where) {
        return database.queryForObject("SELECT COUNT(*) FROM " + where, Long.class);
    }
}
