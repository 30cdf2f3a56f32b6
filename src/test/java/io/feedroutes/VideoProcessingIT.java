package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;

/** What becomes of the file of a video that was uploaded here. */
@FeedTest
class VideoProcessingIT {

    private static final String TASKS = "video_processing";
    private static final String PARKED = "video_processing.dlq";

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    @Autowired
    CamelContext camel;

    @Value("${feed.uploads-directory}")
    Path directory;

    private Account alice;

    @BeforeEach
    void somebody() {
        broker.takeAll(PARKED);
        alice = feed.someone();
    }

    @Test
    void aPublishedUploadBecomesReadyWithWhatItsContainerSays() {
        Video video = upload(tea()).published();
        JsonNode detail = settled(video);
        assertThat(detail.get("status").asText()).isEqualTo("ready");
        assertThat(detail.get("duration").asDouble()).isEqualTo(2);
        assertThat(detail.get("width").asInt()).isEqualTo(320);
        assertThat(detail.get("height").asInt()).isEqualTo(180);
        assertThat(detail.get("codec").asText()).isEqualTo("avc1");
        assertThat(detail.has("progress")).isFalse();
        assertThat(detail.has("status_reason")).isFalse();
    }

    @Test
    void anUploadThatIsPublishedWithoutItsHostIsProcessed() {
        Upload upload = upload(tea());
        assertThat(settled(upload.publishedAs("/" + upload.fileName()))
                        .get("codec")
                        .asText())
                .isEqualTo("avc1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://elsewhere.example/", "https://elsewhere.example/?x=/"})
    void aVideoThatPlaysFromElsewhereIsReadyAtOnce(String elsewhere) {
        Upload upload = upload(tea());
        Video video = upload.publishedAs(elsewhere + upload.fileName());
        assertThat(video.detail().get("status").asText()).isEqualTo("ready");
        assertThat(video.detail().has("codec")).isFalse();
    }

    @Test
    void theTaskIsOfThePublicationAndPersistent() throws Exception {
        Message task = whileNobodyWorks(() -> {
            Upload upload = upload(tea());
            Video video = upload.published();
            Message sent = broker.take(TASKS);
            assertThat(broker.body(sent).get("VideoID").asLong()).isEqualTo(video.id());
            assertThat(broker.body(sent).get("FileName").asText()).isEqualTo(upload.fileName());
            return sent;
        });
        assertThat(broker.body(task).fieldNames()).toIterable().containsExactly("VideoID", "FileName");
        assertThat(task.getMessageProperties().getMessageId()).matches("[0-9a-f]{32}");
        assertThat(task.getMessageProperties().getContentType()).isEqualTo("application/json");
        assertThat(task.getMessageProperties().getReceivedDeliveryMode().name()).isEqualTo("PERSISTENT");
        assertThat(task.getMessageProperties().getHeaders()).isEmpty();
    }

    @Test
    void aTaskOfAnotherSystemIsDoneInEitherSpelling() throws Exception {
        for (String spelling : List.of(
                "{\"VideoID\":%d,\"FileName\":\"%s\"}",
                "{\"video_id\":%d,\"file_name\":\"%s\"}", "{\"video_id\":%d,\"filename\":\"%s\"}")) {
            Video video = alice.publishes("a title");
            String file = "static/videos/of-another-system-%d.mp4".formatted(video.id());
            Files.createDirectories(directory.resolve("static/videos"));
            Files.write(directory.resolve(file), tea());
            broker.publish("", TASKS, spelling.formatted(video.id(), file));
            await().untilAsserted(() -> assertThat(video.detail().path("codec").asText())
                    .as(spelling)
                    .isEqualTo("avc1"));
        }
    }

    @Test
    void whileATaskWaitsItsVideoIsProcessing() throws Exception {
        Video video = whileNobodyWorks(() -> {
            Video waiting = upload(tea()).published();
            assertThat(waiting.detail().get("status").asText()).isEqualTo("processing");
            assertThat(waiting.detail().get("progress").asInt()).isZero();
            return waiting;
        });
        assertThat(settled(video).get("status").asText()).isEqualTo("ready");
    }

    @Test
    void halfOfTheWorkIsDoneWhenTheChecksumIsRight() {
        database.execute("CREATE TABLE progress_seen (video_id BIGINT, progress INT)");
        database.execute("CREATE TRIGGER see_progress AFTER UPDATE ON video_files FOR EACH ROW"
                + " INSERT INTO progress_seen VALUES (NEW.video_id, NEW.progress)");
        try {
            Video video = upload(tea()).published();
            settled(video);
            assertThat(database.queryForList(
                            "SELECT progress FROM progress_seen WHERE video_id = ?", Integer.class, video.id()))
                    .endsWith(50, 100);
        } finally {
            database.execute("DROP TRIGGER see_progress");
            database.execute("DROP TABLE progress_seen");
        }
    }

    @Test
    void aTaskWhoseWorkerDiesIsDoneByAnother(@Autowired RabbitTemplate rabbit) throws Exception {
        Video video = whileNobodyWorks(() -> {
            Video published = upload(tea()).published();
            await().until(() -> broker.depth(TASKS) == 1);
            rabbit.execute(channel -> {
                assertThat(channel.basicGet(TASKS, false)).isNotNull();
                channel.abort();
                return null;
            });
            return published;
        });
        assertThat(settled(video).get("status").asText()).isEqualTo("ready");
    }

    @Test
    void aFileThatIsCutOffIsFailedAndSaysWhy() {
        isFailed(upload(Arrays.copyOf(tea(), 6000)).published(), "the file is cut off");
    }

    @Test
    void aFileThatOnlyBeginsAsAnMp4IsFailedAndSaysWhy() {
        isFailed(upload(Arrays.copyOf(tea(), 32)).published(), "the file is no readable MP4");
    }

    @Test
    void aFileThatClaimsToBeHugeIsFailed() {
        byte[] huge = tea();
        // The length of its second box.
        huge[32] = 0x7f;
        isFailed(upload(huge).published(), "the file is cut off");
    }

    @Test
    void aFileThatWasChangedAfterItsUploadIsFailedAndSaysWhy() throws Exception {
        Upload upload = upload(tea());
        byte[] changed = tea();
        changed[changed.length - 1]++;
        Files.write(directory.resolve(upload.fileName()), changed);
        isFailed(upload.published(), "the file is not the one that was uploaded: its checksum differs");
    }

    @Test
    void aFileThatWasCutOffAfterItsUploadIsFailedAndSaysWhy() throws Exception {
        Upload upload = upload(tea());
        Files.write(directory.resolve(upload.fileName()), Arrays.copyOf(tea(), 6000));
        isFailed(upload.published(), "the file is not the one that was uploaded: its size differs");
    }

    @Test
    void whatFailsForGoodIsNotParked() {
        isFailed(upload(Arrays.copyOf(tea(), 32)).published(), "the file is no readable MP4");
        assertThat(broker.takeAll(PARKED)).isEmpty();
    }

    @Test
    void aFileThatComesBackWhileItIsTriedAgainIsReady() throws Exception {
        Upload upload = upload(tea());
        Path file = directory.resolve(upload.fileName());
        Path away = file.resolveSibling("away");
        Files.move(file, away);
        Video video = upload.published();
        await().during(Duration.ofSeconds(1))
                .until(() -> video.detail().get("status").asText().equals("processing"));
        Files.move(away, file);
        assertThat(settled(video).get("status").asText()).isEqualTo("ready");
    }

    @Test
    void aFileThatIsAwayIsTriedThreeTimesThenParkedAndTheVideoSaysSo() throws Exception {
        Upload upload = upload(tea());
        Files.delete(directory.resolve(upload.fileName()));
        Video video = upload.published();
        isFailed(video, "the file could not be read");
        Message parked = broker.take(PARKED);
        assertThat(broker.body(parked).get("VideoID").asLong()).isEqualTo(video.id());
        assertThat(parked.getMessageProperties().getHeaders())
                .containsEntry("x-attempts", "3")
                .containsEntry("x-origin-queue", TASKS)
                .containsEntry("x-origin-routing-key", TASKS)
                .containsEntry("x-error-class", "java.nio.file.NoSuchFileException");
    }

    @Test
    void aParkedTaskThatIsSentAgainMakesItsVideoReady() throws Exception {
        Upload upload = upload(tea());
        Path file = directory.resolve(upload.fileName());
        Files.delete(file);
        Video video = upload.published();
        isFailed(video, "the file could not be read");
        Message parked = broker.take(PARKED);
        Files.write(file, tea());
        broker.publish("", TASKS, new String(parked.getBody(), UTF_8));
        await().untilAsserted(
                        () -> assertThat(video.detail().get("status").asText()).isEqualTo("ready"));
        assertThat(video.detail().has("status_reason")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "[]",
                "{\"FileName\":\"a.mp4\"}",
                "{\"VideoID\":\"1\",\"FileName\":\"a.mp4\"}",
                "{\"VideoID\":9223372036854775807,\"FileName\":\"a.mp4\"}",
                "{\"VideoID\":1,\"FileName\":\"../secret.mp4\"}",
                "{\"VideoID\":1,\"FileName\":\"static/../../secret.mp4\"}",
                "{\"VideoID\":1,\"FileName\":\"/etc/passwd\"}"
            })
    void whatIsNoTaskIsParkedAtOnce(String body) {
        broker.publish("", TASKS, body);
        Message parked = broker.take(PARKED);
        assertThat(parked).isNotNull();
        assertThat(new String(parked.getBody(), UTF_8)).isEqualTo(body);
        assertThat(parked.getMessageProperties().getHeaders())
                .containsEntry("x-attempts", "1")
                .containsKey("x-error-message");
    }

    @Test
    void aTaskThatComesTwiceChangesNothing() {
        Upload upload = upload(tea());
        Video video = upload.published();
        JsonNode ready = settled(video);
        broker.publish("", TASKS, "{\"VideoID\":%d,\"FileName\":\"%s\"}".formatted(video.id(), upload.fileName()));
        await().during(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(video.detail()).isEqualTo(ready));
    }

    @Test
    void withTheBrokerDownTheTaskIsSentWhenItIsBack() {
        Upload upload = upload(tea());
        FeedServices.get().broker().down();
        Video video = upload.published();
        assertThat(video.detail().get("status").asText()).isEqualTo("processing");
        FeedServices.get().broker().up();
        assertThat(settled(video).get("status").asText()).isEqualTo("ready");
    }

    @Test
    void withTheDatabaseDownATaskWaitsAndIsNotParked() throws Exception {
        Video video = whileNobodyWorks(() -> {
            Video published = upload(tea()).published();
            await().until(() -> broker.depth(TASKS) == 1);
            FeedServices.get().database().down();
            return published;
        });
        await().during(Duration.ofSeconds(3)).until(() -> broker.depth(PARKED) == 0);
        FeedServices.get().database().up();
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(video.detail().get("status").asText()).isEqualTo("ready"));
    }

    private Upload upload(byte[] content) {
        return new Upload(
                alice,
                alice.uploads("/video/uploadVideo", "tea.mp4", content)
                        .isOk()
                        .json()
                        .get("play_url")
                        .asText());
    }

    /** The file of an upload, before it is published. */
    private record Upload(Account by, String url) {

        /** Its name below the uploads directory. */
        String fileName() {
            return URI.create(url).getPath().substring(1);
        }

        Video published() {
            return publishedAs(url);
        }

        Video publishedAs(String playUrl) {
            Answer answer =
                    by.post("/video/publish", Map.of("title", "Tea", "play_url", playUrl, "cover_url", "/c.jpg"));
            return new Video(by.feed(), answer.isOk().json().get("id").asLong());
        }
    }

    private <T> T whileNobodyWorks(Callable<T> story) throws Exception {
        try (AutoCloseable stopped = Routes.stop(camel, "video-process-apply")) {
            return story.call();
        }
    }

    private static byte[] tea() {
        try (var file = VideoProcessingIT.class.getResourceAsStream("tea.mp4")) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode settled(Video video) {
        await().untilAsserted(
                        () -> assertThat(video.detail().get("status").asText()).isNotEqualTo("processing"));
        return video.detail();
    }

    private static void isFailed(Video video, String why) {
        JsonNode detail = settled(video);
        assertThat(detail.get("status").asText()).isEqualTo("failed");
        assertThat(detail.get("status_reason").asText()).isEqualTo(why);
        assertThat(detail.has("codec")).isFalse();
    }
}
