package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** What happens when somebody comments on a video, and when he thinks better of it. */
@FeedTest
class CommentIT {

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    @Autowired
    StringRedisTemplate redis;

    @Test
    void aCommentIsListedAndMakesTheVideoMorePopular(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        try (AutoCloseable stopped = Routes.stop(camel, "popularity-repair")) {
            alice.comments(video, "No room!").isOk();
            awaitPopularity(video, 1);
        }
        JsonNode comment = onlyComment(video);
        assertThat(comment.fieldNames())
                .toIterable()
                .containsExactly("id", "username", "video_id", "author_id", "content", "created_at", "event_id");
        assertThat(comment.get("username").asText()).isEqualTo(alice.name());
        assertThat(comment.get("video_id").asLong()).isEqualTo(video.id());
        assertThat(comment.get("author_id").asLong()).isEqualTo(alice.id());
        assertThat(comment.get("content").asText()).isEqualTo("No room!");
    }

    @Test
    void theAnswerNamesTheEventByWhichTheCommentIsFoundInTheList() {
        Video video = feed.someVideo();
        Answer answer = feed.someone().comments(video, "No room!").isOk();
        assertThat(answer.json().get("message").asText()).isEqualTo("comment published successfully");
        assertThat(answer.json().get("event_id").asText())
                .isEqualTo(answer.headers().firstValue("X-Event-Id").orElseThrow())
                .isEqualTo(onlyComment(video).get("event_id").asText());
    }

    @Test
    void everybodyReadsACommentThatIsAcceptedAndNotStored(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        long stored = published(alice, video);
        JsonNode before;
        try (AutoCloseable stopped = Routes.stop(camel, "comment-apply")) {
            JsonNode answer = alice.comments(video, "No room!").isOk().json();
            before = video.comments();
            assertThat(before).hasSize(2);
            assertThat(before.get(1).get("id")).isEqualTo(answer.get("comment_id"));
            assertThat(before.get(1).get("event_id")).isEqualTo(answer.get("event_id"));
            assertThat(before.get(1).get("username").asText()).isEqualTo(alice.name());
            assertThat(before.get(1).get("id").asLong()).isGreaterThan(stored).isLessThan(1L << 53);
            assertThat(commentsAfter(video, stored)).containsExactly(before.get(1));
            long notStored = before.get(1).get("id").asLong();
            assertThat(commentsAfter(video, notStored)).isEmpty();
            alice.comments(video, "There is plenty of room!").isOk();
            assertThat(commentsAfter(video, notStored)).hasSize(1);
            before = video.comments();
        }
        String event = before.get(2).get("event_id").asText();
        await().until(() -> !database.queryForList("SELECT id FROM comments WHERE event_id = ?", event)
                .isEmpty());
        assertThat(video.comments()).isEqualTo(before);
    }

    @Test
    void nobodyReadsACommentWhoseDeletionIsAcceptedAndNotStored(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        long first = published(alice, video);
        long second = published(alice, video);
        try (AutoCloseable stopped = Routes.stop(camel, "comment-apply")) {
            alice.deletes(first).isOk();
            assertThat(video.comments())
                    .extracting(comment -> comment.get("id").asLong())
                    .containsExactly(second);
        }
    }

    @Test
    void aCommentThatIsNotStoredYetCanBeDeletedByItsAuthor(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        try (AutoCloseable stopped = Routes.stop(camel, "comment-apply")) {
            alice.comments(video, "No room!").isOk();
            long comment = video.comments().get(0).get("id").asLong();
            feed.someone().deletes(comment).isRefused(401, "unauthorized");
            alice.deletes(comment).isOk();
            assertThat(video.comments()).isEmpty();
            alice.deletes(comment).isRefused(404, "comment not found");
        }
        await().untilAsserted(() -> assertThat(database.queryForObject(
                        "SELECT COUNT(*) FROM popularity_events WHERE video_id = ?", Long.class, video.id()))
                .isEqualTo(2));
        assertThat(video.comments()).isEmpty();
        awaitPopularity(video, 0);
    }

    @Test
    void aCommentThatIsTakenBackIsNotListed() {
        Video video = feed.someVideo();
        FeedServices.get().broker().down();
        database.execute("ALTER TABLE comments ADD CONSTRAINT nowhere CHECK (video_id <> " + video.id() + ")");
        try {
            feed.someone().comments(video, "No room!").isRefused(500, "internal error");
        } finally {
            database.execute("ALTER TABLE comments DROP CONSTRAINT nowhere");
        }
        assertThat(video.comments()).isEmpty();
    }

    @Test
    void withoutRedisTheDatabaseAloneSaysWhatIsCommented() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        published(alice, video);
        FeedServices.get().redis().down();
        assertThat(video.comments()).hasSize(1);
        alice.comments(video, "No room!").isOk();
        await().untilAsserted(() -> assertThat(video.comments()).hasSize(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'quoted'",
                "\"quoted\"",
                "a, b) ${body} {{feed.role}} :#x",
                "\\ and \n a line",
                "nothing \0 in it",
                "\u0085",
                "茶 🫖 <b>&",
                "null",
                "7"
            })
    void aCommentIsShownAndStoredAsItWasWritten(String content) {
        Video video = feed.someVideo();
        feed.someone().comments(video, content).isOk();
        assertThat(video.comments().get(0).get("content")).isEqualTo(TextNode.valueOf(content));
        await().until(() -> video.popularity() == 1);
        assertThat(onlyComment(video).get("content")).isEqualTo(TextNode.valueOf(content));
    }

    @Test
    void whiteSpaceAroundACommentIsLeftOut() {
        Video video = feed.someVideo();
        feed.someone().comments(video, "\n \u3000 two  words\u00a0\t").isOk();
        assertThat(onlyComment(video).get("content").asText()).isEqualTo("two  words");
    }

    @Test
    void whiteSpaceAroundACommentOfAnotherProducerIsLeftOut() {
        Video video = feed.someVideo();
        broker.publish(
                "comment.events",
                "comment.publish",
                comment(video, "\\n \u3000 two\\n words\u00a0\\t", "2026-01-01T00:00:01Z"));
        assertThat(onlyComment(video).get("content").asText()).isEqualTo("two\n words");
    }

    @Test
    void aCommentOfManyBlanksIsAnsweredInASecond() {
        Video video = feed.someVideo();
        String content = "a" + " ".repeat(16_000) + "b";
        assertThat(feed.someone().comments(video, content).isOk().took()).isLessThan(Duration.ofSeconds(1));
        assertThat(onlyComment(video).get("content").asText()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"video_id\":1}",
                "{\"video_id\":1,\"content\":\"\"}",
                "{\"video_id\":1,\"content\":\" \u3000\"}"
            })
    void aCommentNeedsAContent(String body) {
        feed.someone().post("/comment/publish", body).isRefused(400, "content is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"content\":\"a\"}", "{\"video_id\":0,\"content\":\"a\"}"})
    void aCommentNeedsAVideo(String body) {
        feed.someone().post("/comment/publish", body).isRefused(400, "video_id is required");
    }

    @Test
    void aWrongTypeIsRefusedWithTheNameOfItsField() {
        feed.someone()
                .post("/comment/publish", "{\"video_id\":\"1\",\"content\":\"a\"}")
                .isRefused(400, "video_id");
        feed.someone().post("/comment/delete", "{\"comment_id\":[]}").isRefused(400, "comment_id");
    }

    @Test
    void aVideoThatDoesNotExistCanNeitherBeCommentedOnNorHasComments() {
        feed.someone().comments(new Video(feed, Long.MAX_VALUE), "a").isRefused(404, "video not found");
        feed.post("/comment/listAll", Map.of("video_id", Long.MAX_VALUE)).isRefused(404, "video not found");
        feed.post("/comment/listAll", "{}").isRefused(400, "video_id is required");
    }

    @Test
    void aDeletedCommentIsGoneAndGivesItsPopularityBack() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        long comment = published(alice, video);
        awaitPopularity(video, 1);
        alice.deletes(comment).isOk();
        await().untilAsserted(() -> assertThat(video.comments()).isEmpty());
        awaitPopularity(video, 0);
        assertThat(database.queryForObject("SELECT content FROM comments WHERE id = ?", String.class, comment))
                .isEmpty();
    }

    @Test
    void aCommentCanBeDeletedOnce() {
        Account alice = feed.someone();
        long comment = published(alice, feed.someVideo());
        List<Integer> statuses = AtOnce.times(8, i -> alice.deletes(comment).status());
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 404);
        alice.deletes(comment).isRefused(404, "comment not found");
    }

    @Test
    void aCommentThatIsDeletedTwiceWithoutRedisGivesItsPopularityBackOnce(@Autowired CamelContext camel)
            throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        long comment = published(alice, video);
        published(alice, video);
        try (AutoCloseable stopped = Routes.stop(camel, "comment-apply")) {
            alice.deletes(comment).isOk();
            redis.delete("comment:accepted:{%d}:%d".formatted(video.id(), comment));
            alice.deletes(comment).isOk();
        }
        await().untilAsserted(() -> assertThat(video.comments()).hasSize(1));
        awaitPopularity(video, 1);
        assertThat(database.queryForObject(
                        "SELECT COUNT(*) FROM popularity_events WHERE video_id = ?", Long.class, video.id()))
                .isEqualTo(3);
    }

    @Test
    void onlyTheAuthorCanDeleteAComment() {
        Video video = feed.someVideo();
        long comment = published(feed.someone(), video);
        feed.someone().deletes(comment).isRefused(401, "unauthorized");
        assertThat(video.comments()).hasSize(1);
    }

    @Test
    void aCommentThatDoesNotExistCannotBeDeleted() {
        feed.someone().deletes(Long.MAX_VALUE).isRefused(404, "comment not found");
        feed.someone().post("/comment/delete", "{}").isRefused(400, "comment_id is required");
    }

    @Test
    void theConsumerChecksTheAuthorAgain() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        long comment = published(alice, video);
        broker.publish("comment.events", "comment.delete", deletion(comment, feed.someone()));
        published(alice, video);
        assertThat(video.comments()).hasSize(2);
        broker.publish("comment.events", "comment.delete", deletion(comment, alice));
        await().untilAsserted(() -> assertThat(video.comments()).hasSize(1));
    }

    @Test
    void theMessagesAreTheEventsAndNothingElse() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        String copy = broker.copyOf("comment.events");
        long comment = published(alice, video);
        alice.deletes(comment).isOk();

        Message publish = broker.take(copy);
        assertThat(broker.body(publish).fieldNames())
                .toIterable()
                .containsExactlyElementsOf(fieldsOf("comment.publish.json"));
        assertThat(publish.getMessageProperties().getReceivedRoutingKey()).isEqualTo("comment.publish");
        assertThat(publish.getMessageProperties().getMessageId())
                .isEqualTo(broker.body(publish).get("event_id").asText());
        assertThat(publish.getMessageProperties().getContentType()).isEqualTo("application/json");
        assertThat(publish.getMessageProperties().getReceivedDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
        assertThat(publish.getMessageProperties().getHeaders()).isEmpty();
        Message delete = broker.take(copy);
        assertThat(broker.body(delete).fieldNames())
                .toIterable()
                .containsExactlyElementsOf(fieldsOf("comment.delete.json"));
        assertThat(delete.getMessageProperties().getReceivedRoutingKey()).isEqualTo("comment.delete");
        assertThat(broker.body(delete).get("comment_id").asLong()).isEqualTo(comment);
        assertThat(broker.body(delete).get("author_id").asLong()).isEqualTo(alice.id());
    }

    @Test
    void messagesOfAGoNodeAreUnderstood() {
        Video video = feed.someVideo();
        broker.publish("comment.events", "comment.publish", golden("comment.publish.go.json", video));
        JsonNode comment = onlyComment(video);
        assertThat(comment.get("created_at").asText()).isEqualTo("2026-01-31T23:59:59.123000Z");
        broker.publish(
                "comment.events",
                "comment.delete",
                golden("comment.delete.go.json", video)
                        .replace("\"comment_id\":9", "\"comment_id\":" + comment.get("id")));
        await().untilAsserted(() -> assertThat(video.comments()).isEmpty());
    }

    @Test
    void commentsAreListedByTheTimeAtWhichTheyWereAccepted() {
        Video video = feed.someVideo();
        broker.publish("comment.events", "comment.publish", comment(video, "second", "2026-01-01T00:00:02Z"));
        await().untilAsserted(() -> assertThat(video.comments()).hasSize(1));
        broker.publish(
                "comment.events", "comment.publish", comment(video, "first", "2026-01-01T08:00:01.987654321+08:00"));
        await().untilAsserted(() -> assertThat(video.comments())
                .extracting(c -> c.get("content").asText())
                .containsExactly("first", "second"));
    }

    @Test
    void everyCommentCanBeReadOnceInPagesAlsoThoseOfTheSameTime() {
        Video video = feed.someVideo();
        List<Object[]> rows = IntStream.range(0, 450)
                .mapToObj(i -> new Object[] {UUID.randomUUID().toString(), video.id(), "comment " + i, i / 300})
                .toList();
        database.batchUpdate("""
                INSERT INTO comments (id, event_id, username, video_id, author_id, content, created_at)
                VALUES (UUID_SHORT() & 9007199254740991, ?, 'alice', ?, 1, ?, '2026-01-01' + INTERVAL ? SECOND)""", rows);
        List<String> read = new ArrayList<>();
        JsonNode page = video.comments();
        while (!page.isEmpty()) {
            assertThat(page.size()).isLessThanOrEqualTo(200);
            page.forEach(comment -> read.add(comment.get("content").asText()));
            page = feed.post(
                            "/comment/listAll",
                            Map.of(
                                    "video_id",
                                    video.id(),
                                    "after_id",
                                    page.get(page.size() - 1).get("id")))
                    .isOk()
                    .json();
        }
        assertThat(read)
                .containsExactlyElementsOf(
                        IntStream.range(0, 450).mapToObj(i -> "comment " + i).toList());
    }

    @Test
    void aCommentOnAVideoThatDoesNotExistIsRejectedAndNotParked() {
        broker.takeAll("comment.events.dlq");
        String event = comment(new Video(feed, 987654321), "a", "2026-01-01T00:00:01Z");
        broker.publish("comment.events", "comment.publish", event);
        await().untilAsserted(() -> assertThat(database.queryForList(
                        "SELECT reason FROM rejected_events WHERE event_id = ?",
                        String.class,
                        broker.read(event).get("event_id").asText()))
                .containsExactly("video not found"));
        assertThat(broker.depth("comment.events.dlq")).isZero();
    }

    @Test
    void batchesAreAppliedByOneStatementAndNotMessageByMessage(@Autowired CamelContext camel) throws Exception {
        List<Video> videos = Stream.generate(feed::someVideo).limit(5).toList();
        Account alice = feed.someone();
        ManagedRouteMBean applied = camel.getCamelContextExtension()
                .getContextPlugin(ManagedCamelContext.class)
                .getManagedRoute("comment-apply-events");
        long before = applied.getExchangesTotal();
        camel.getRouteController().stopRoute("comment-apply");
        camel.getRouteController().stopRoute("popularity-apply");
        try {
            videos.forEach(video -> alice.comments(video, "a").isOk());
        } finally {
            camel.getRouteController().startRoute("comment-apply");
            camel.getRouteController().startRoute("popularity-apply");
        }
        videos.forEach(video -> awaitPopularity(video, 1));
        assertThat(applied.getExchangesTotal() - before).isBetween(1L, 4L);
    }

    @Test
    void anEventThatSaysTooLittleIsParked() {
        broker.takeAll("comment.events.dlq");
        String event = comment(feed.someVideo(), "a", "2026-01-01T00:00:01Z").replace("\"author_id\"", "\"nobody\"");
        broker.publish("comment.events", "comment.publish", event);
        assertThat(new String(broker.take("comment.events.dlq").getBody(), UTF_8))
                .isEqualTo(event);
    }

    @Test
    void commentsAndTheirDeletionDropTheVideoFromTheCache() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        String key = "video:detail:id=" + video.id();
        redis.opsForValue().set(key, "{}");
        long comment = published(alice, video);
        await().untilAsserted(() -> assertThat(redis.hasKey(key)).isFalse());
        redis.opsForValue().set(key, "{}");
        alice.deletes(comment).isOk();
        await().untilAsserted(() -> assertThat(redis.hasKey(key)).isFalse());
    }

    @Test
    void aCommentBearsThePresentNameOfItsAuthor() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        String event =
                comment(video, "a", "2026-01-01T00:00:01Z").replace("\"author_id\":1", "\"author_id\":" + alice.id());
        broker.publish("comment.events", "comment.publish", event);
        assertThat(onlyComment(video).get("username").asText()).isEqualTo(alice.name());
    }

    @Test
    void withTheBrokerDownCommentsAndDeletionsAreAppliedDirectly() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        redis.opsForValue().set("video:detail:id=" + video.id(), "{}");
        FeedServices.get().broker().down();
        alice.comments(video, "No room!").isOk();
        assertThat(redis.hasKey("video:detail:id=" + video.id())).isFalse();
        assertThat(video.comments()).hasSize(1);
        awaitPopularity(video, 1);
        alice.deletes(video.comments().get(0).get("id").asLong()).isOk();
        assertThat(video.comments()).isEmpty();
        awaitPopularity(video, 0);
    }

    @Test
    void aCommentWhoseConfirmIsLostIsThereOnceThoughTheMessageArrives() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        String copy = broker.copyOf("comment.events");
        await().until(() -> {
            feed.someone().comments(feed.someVideo(), "goes through the broker").isOk();
            return !broker.takeAll(copy).isEmpty();
        });
        FeedServices.get().broker().answersWithheld();
        alice.comments(video, "No room!").isOk();
        FeedServices.get().broker().down();
        FeedServices.get().broker().up();
        await().untilAsserted(() -> assertThat(broker.takeAll(copy)).isNotEmpty());
        broker.publish(
                "comment.events",
                "comment.publish",
                comment(video, "the last", Instant.now().toString()));
        await().untilAsserted(() -> assertThat(video.comments())
                .extracting(c -> c.get("content").asText())
                .containsExactly("No room!", "the last"));
        assertThat(video.popularity()).isEqualTo(2);
    }

    @Test
    void aDeletionThatCanOnlyHalfBeAppliedIsNotAppliedAtAllAndCanBeTriedAgain() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        long comment = published(alice, video);
        FeedServices.get().broker().down();
        database.execute("RENAME TABLE popularity_events TO popularity_events_away");
        try {
            alice.deletes(comment).isRefused(500, "internal error");
        } finally {
            database.execute("RENAME TABLE popularity_events_away TO popularity_events");
        }
        assertThat(video.comments()).hasSize(1);
        alice.deletes(comment).isOk();
        assertThat(video.comments()).isEmpty();
    }

    @Test
    void totalsAgreeAfterEveryMessageCameTwiceMoreInAnyOrder() {
        List<Video> videos = Stream.generate(feed::someVideo).limit(4).toList();
        List<Account> accounts = Stream.generate(feed::someone).limit(6).toList();
        String comments = broker.copyOf("comment.events");
        String changes = broker.copyOf("video.popularity.events");
        Random random = new Random(1);
        videos.forEach(video ->
                accounts.forEach(account -> account.comments(video, "a").isOk()));
        await().untilAsserted(() -> assertThat(videos)
                .allSatisfy(video -> assertThat(video.comments()).hasSize(6)));
        for (int i = 0; i < videos.size(); i++) {
            JsonNode listed = videos.get(i).comments();
            for (int j = 0; j <= i; j++) {
                JsonNode comment = listed.get(j);
                accounts.stream()
                        .filter(account ->
                                account.id() == comment.get("author_id").asLong())
                        .forEach(account ->
                                account.deletes(comment.get("id").asLong()).isOk());
            }
        }
        awaitPopularities(videos);

        List<Message> again = new ArrayList<>();
        for (Message message : Stream.of(comments, changes)
                .flatMap(copy -> broker.takeAll(copy).stream())
                .toList()) {
            again.add(message);
            again.add(message);
        }
        assertThat(again).hasSize(2 * 2 * (4 * 6 + 1 + 2 + 3 + 4));
        Collections.shuffle(again, random);
        again.forEach(broker::publish);
        Video last = feed.someVideo();
        published(accounts.get(0), last);
        awaitPopularity(last, 1);
        awaitPopularities(videos);
    }

    private void awaitPopularities(List<Video> videos) {
        for (int i = 0; i < videos.size(); i++) {
            Video video = videos.get(i);
            awaitPopularity(video, 5 - i);
            assertThat(video.comments()).hasSize(5 - i);
        }
    }

    private void awaitPopularity(Video video, long popularity) {
        await().untilAsserted(() ->
                assertThat(List.of(video.popularity(), video.hotScore())).containsExactly(popularity, popularity));
        assertThat(video.detail().get("popularity").asLong()).isEqualTo(popularity);
    }

    private List<JsonNode> commentsAfter(Video video, long comment) {
        List<JsonNode> page = new ArrayList<>();
        feed.post("/comment/listAll", Map.of("video_id", video.id(), "after_id", comment))
                .isOk()
                .json()
                .forEach(page::add);
        return page;
    }

    private JsonNode onlyComment(Video video) {
        await().untilAsserted(() -> assertThat(video.comments()).hasSize(1));
        return video.comments().get(0);
    }

    private long published(Account author, Video video) {
        String event = author.comments(video, "a comment")
                .isOk()
                .json()
                .get("event_id")
                .asText();
        return await().until(
                        () -> database.queryForList("SELECT id FROM comments WHERE event_id = ?", Long.class, event),
                        ids -> ids.size() == 1)
                .get(0);
    }

    private static String comment(Video video, String content, String occurredAt) {
        return """
                {"event_id":"%s","action":"publish","username":"alice","video_id":%d,"author_id":1,"content":"%s","occurred_at":"%s"}""".formatted(UUID.randomUUID().toString().replace("-", ""), video.id(), content, occurredAt);
    }

    private static String deletion(long comment, Account author) {
        return """
                {"event_id":"%s","action":"delete","comment_id":%d,"author_id":%d,"occurred_at":"%s"}""".formatted(UUID.randomUUID(), comment, author.id(), Instant.now());
    }

    private static String golden(String name, Video video) {
        try {
            return Files.readString(Path.of("src/test/resources/events", name))
                    .replaceFirst("\"event_id\":\"[0-9a-f]+\"", "\"event_id\":\"" + UUID.randomUUID() + "\"")
                    .replace("\"video_id\":42", "\"video_id\":" + video.id());
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private List<String> fieldsOf(String golden) {
        List<String> names = new ArrayList<>();
        broker.read(golden(golden, new Video(feed, 1))).fieldNames().forEachRemaining(names::add);
        return names;
    }
}
