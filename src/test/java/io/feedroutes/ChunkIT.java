package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/** Videos that are uploaded in chunks. */
@FeedTest
class ChunkIT {

    @Autowired
    Feed feed;

    @Autowired
    JdbcTemplate database;

    @Autowired
    CamelContext camel;

    @Value("${feed.uploads-directory}")
    Path directory;

    private Account alice;

    @BeforeEach
    void somebody() {
        alice = feed.someone();
    }

    @Test
    void aVideoInThreeChunksIsServedAsItCameAndProcessed() {
        Upload upload = begin(video(250_000), 100_000);
        assertThat(upload.uploaded()).isEmpty();
        assertThat(upload.sends(0).json().get("chunk_index").asInt()).isZero();
        upload.sends(1, 2);
        JsonNode answer = upload.complete().isOk().json();
        assertThat(answer.get("url")).isEqualTo(answer.get("play_url"));
        assertThat(pathOf(answer)).matches("/static/videos/" + alice.id() + "/\\d{8}/[0-9a-f]{32}[.]mp4");
        assertThat(feed.get(pathOf(answer)).isOk().response().body().length()).isPositive();
        assertThat(fileOf(answer)).hasBinaryContent(upload.content);
        Video video = publish(answer);
        await().untilAsserted(
                        () -> assertThat(video.detail().path("codec").asText()).isEqualTo("avc1"));
        assertThat(chunksOf(upload)).doesNotExist();
    }

    @Test
    void aLargeVideoInOneChunkIsTaken() {
        Upload upload = begin(video(6_000_000), 10_000_000);
        upload.sends(0);
        assertThat(fileOf(upload.complete().isOk().json())).hasSize(6_000_000);
    }

    @Test
    void anUploadThatWasInterruptedGoesOn() {
        Upload upload = begin(video(40_000), 10_000);
        upload.sends(1, 3);
        Upload again = begin(upload.content, 10_000);
        assertThat(again.id).isEqualTo(upload.id);
        assertThat(again.begun).containsExactly(1, 3);
        again.sends(0, 2);
        assertThat(fileOf(again.complete().isOk().json())).hasBinaryContent(upload.content);
    }

    @Test
    void otherChunksOfTheSameFileAreAnotherUpload() {
        Upload upload = begin(video(40_000), 10_000);
        upload.sends(0);
        Upload other = begin(upload.content, 20_000);
        assertThat(other.id).isNotEqualTo(upload.id);
        assertThat(other.begun).isEmpty();
        assertThat(upload.uploaded()).containsExactly(0);
    }

    @Test
    void theSameFileOfAnotherAccountIsAnotherUpload() {
        Upload upload = begin(video(40_000), 10_000);
        upload.sends(0);
        alice = feed.someone();
        assertThat(begin(upload.content, 10_000).begun).isEmpty();
    }

    @Test
    void aCompletedFileThatIsUploadedAgainIsAnotherUpload() {
        Upload upload = begin(video(20_000), 10_000);
        upload.sends(0, 1);
        String url = upload.complete().isOk().json().get("url").asText();
        Upload again = begin(upload.content, 10_000);
        assertThat(again.begun).isEmpty();
        again.sends(0, 1);
        assertThat(again.complete().isOk().json().get("url").asText()).isNotEqualTo(url);
    }

    @Test
    void aChunkThatComesAgainChangesNothing() {
        Upload upload = begin(video(20_000), 10_000);
        upload.sends(0, 0, 1, 0);
        assertThat(upload.uploaded()).containsExactly(0, 1);
        assertThat(fileOf(upload.complete().isOk().json())).hasBinaryContent(upload.content);
        upload.sends(1);
        assertThat(chunksOf(upload)).doesNotExist();
    }

    @Test
    void aChunkWithAnotherHashIsRefusedAndMayComeAgain() {
        Upload upload = begin(video(20_000), 10_000);
        String wrong = DigestUtils.md5Hex("another");
        JsonNode refusal = upload.send("0", wrong, upload.chunk(0))
                .isRefused(400, "chunk hash mismatch")
                .json();
        assertThat(refusal.get("expected").asText()).isEqualTo(wrong);
        assertThat(refusal.get("actual").asText()).isEqualTo(DigestUtils.md5Hex(upload.chunk(0)));
        assertThat(refusal.has("missing")).isFalse();
        assertThat(upload.uploaded()).isEmpty();
        upload.sends(0);
        assertThat(upload.uploaded()).containsExactly(0);
    }

    @Test
    void whatIsNotWholeIsRefusedAndSaysWhatIsMissing() {
        Upload upload = begin(video(50_000), 10_000);
        upload.sends(0, 2, 4);
        JsonNode refusal =
                upload.complete().isRefused(400, "not all chunks uploaded").json();
        assertThat(numbers(refusal.get("missing"))).containsExactly(1, 3);
        assertThat(refusal.get("completed").asInt()).isEqualTo(3);
        assertThat(refusal.get("total").asInt()).isEqualTo(5);
        upload.sends(1, 3);
        upload.complete().isOk();
    }

    @Test
    void ofManyMissingChunksTheFirstFiveAreNamed() {
        JsonNode refusal = begin(video(200_000), 10_000)
                .complete()
                .isRefused(400, "not all chunks uploaded")
                .json();
        assertThat(numbers(refusal.get("missing"))).containsExactly(0, 1, 2, 3, 4);
        assertThat(refusal.get("completed").asInt()).isZero();
    }

    @Test
    void theStatusSaysWhichChunksHaveArrived() {
        Upload upload = begin(video(30_000), 10_000);
        assertThat(upload.uploaded()).isEmpty();
        upload.sends(2);
        assertThat(upload.uploaded()).containsExactly(2);
        upload.sends(0, 1);
        assertThat(upload.uploaded()).containsExactly(0, 1, 2);
        assertThat(upload.status().get("total_chunks").asInt()).isEqualTo(3);
        assertThat(upload.status().get("upload_id").asText()).isEqualTo(upload.id);
        upload.complete().isOk();
        assertThat(upload.uploaded()).containsExactly(0, 1, 2);
    }

    @Test
    void chunksThatArriveSideBySideAllArrive() {
        for (int round = 0; round < 20; round++) {
            Upload upload = begin(video(80_000), 10_000);
            AtOnce.times(8, upload::sends);
            assertThat(upload.uploaded()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(fileOf(upload.complete().isOk().json())).hasBinaryContent(upload.content);
        }
    }

    @Test
    void manyWhoBeginTheSameUploadAtOnceGetTheSame() {
        byte[] content = video(20_000);
        assertThat(AtOnce.times(8, number -> begin(content, 10_000).id)).containsOnly(begin(content, 10_000).id);
    }

    @ParameterizedTest
    @CsvSource({
        "30000, 10000, 2",
        "30000, 10000, 4",
        "30001, 10000, 3",
        "1, 10000, 10000",
        "209715200, 1, 10000",
        "100, 209715200, 2"
    })
    void sizesThatDoNotFitEachOtherAreRefused(long size, long chunk, long total) {
        init(size, chunk, total).isRefused(400, "file_size, chunk_size and total_chunks do not fit each other");
        assertThat(sessions()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "209715201, 10000000, 21, file size exceeds 200MB limit",
        "0, 1, 1, file_size",
        "10, 0, 1, chunk_size",
        "10, -1, 1, chunk_size",
        "10, 10, 0, total_chunks",
        "209715200, 1, 209715200, total_chunks"
    })
    void sizesThatAreOutOfBoundsAreRefused(long size, long chunk, long total, String why) {
        init(size, chunk, total).isRefused(400, why);
        assertThat(sessions()).isZero();
    }

    @Test
    void theLargestFileIsAllowed() {
        init(200 << 20, 5 << 20, 40).isOk();
    }

    @Test
    void aChunkOfAnotherSizeThanItsPlaceDemandsIsRefused() {
        Upload upload = begin(video(25_000), 10_000);
        upload.send("0", upload.chunk(2)).isRefused(400, "invalid chunk size");
        upload.send("2", upload.chunk(0)).isRefused(400, "invalid chunk size");
        upload.send("1", Arrays.copyOf(upload.chunk(1), 9_999)).isRefused(400, "invalid chunk size");
        assertThat(upload.uploaded()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3", "-1", "1.5", "one", "99999999999999999999"})
    void aChunkWithoutAPlaceIsRefused(String index) {
        Upload upload = begin(video(25_000), 10_000);
        upload.send(index, upload.chunk(0)).isRefused(400, "invalid chunk_index");
    }

    @Test
    void aChunkThatDoesNotSayWhatItIsIsRefused() {
        Upload upload = begin(video(25_000), 10_000);
        post(Map.of("chunk_hash", "0".repeat(32)), upload.chunk(0)).isRefused(400, "upload_id is required");
        post(Map.of("upload_id", upload.id), upload.chunk(0)).isRefused(400, "chunk_hash is required");
        post(Map.of("upload_id", upload.id, "chunk_hash", "0"), upload.chunk(0)).isRefused(400, "chunk_hash");
    }

    @Test
    void aChunkWithoutAnIndexIsTheFirst() {
        Upload upload = begin(video(25_000), 10_000);
        post(Map.of("upload_id", upload.id, "chunk_hash", DigestUtils.md5Hex(upload.chunk(0))), upload.chunk(0))
                .isOk();
        assertThat(upload.uploaded()).containsExactly(0);
    }

    @Test
    void aFileThatIsNotTheOneThatWasAnnouncedIsRefusedAndMayBeUploadedAgain() throws IOException {
        Upload upload = begin(video(20_000), 10_000);
        byte[] another = upload.chunk(0).clone();
        another[9_000]++;
        upload.send("0", another).isOk();
        upload.sends(1);
        JsonNode refusal =
                upload.complete().isRefused(400, "file hash mismatch").json();
        assertThat(refusal.get("expected").asText()).isEqualTo(DigestUtils.md5Hex(upload.content));
        assertThat(refusal.get("actual").asText())
                .isNotEqualTo(refusal.get("expected").asText());
        assertThat(servedFiles()).isEmpty();
        assertThat(begin(upload.content, 10_000).begun).isEmpty();
        upload.sends(0, 1);
        upload.complete().isOk();
    }

    @Test
    void aFileThatIsNoVideoIsRefusedAndNotServed() throws IOException {
        Upload upload = begin("<html><script>alert(1)</script></html>".getBytes(UTF_8), 20);
        upload.sends(0, 1);
        upload.complete().isRefused(400, "only .mp4 is allowed");
        assertThat(servedFiles()).isEmpty();
    }

    @Test
    void aCompleteWhoseAnswerIsLostHasTheSameAnswerAgain() throws IOException {
        Upload upload = begin(video(20_000), 10_000);
        upload.sends(0, 1);
        JsonNode answer = upload.complete().isOk().json();
        assertThat(upload.complete().isOk().json()).isEqualTo(answer);
        assertThat(servedFiles()).hasSize(1);
    }

    @Test
    void manyCompletesAtOnceMakeOneFile() throws IOException {
        for (int round = 1; round <= 10; round++) {
            Upload upload = begin(video(20_000), 10_000);
            upload.sends(0, 1);
            List<String> answers =
                    AtOnce.times(4, number -> upload.complete().isOk().text());
            assertThat(answers).containsOnly(answers.get(0));
            assertThat(servedFiles()).hasSize(round);
            assertThat(fileOf(upload.complete().json())).hasBinaryContent(upload.content);
        }
    }

    @Test
    void anUploadWhoseFilesAreGoneSaysWhatIsMissing() throws IOException {
        Upload upload = begin(video(30_000), 10_000);
        upload.sends(0, 1, 2);
        FileSystemUtils.deleteRecursively(chunksOf(upload));
        assertThat(begin(upload.content, 10_000).begun).isEmpty();
        assertThat(upload.uploaded()).isEmpty();
        assertThat(numbers(upload.complete()
                        .isRefused(400, "not all chunks uploaded")
                        .json()
                        .get("missing")))
                .containsExactly(0, 1, 2);
        upload.sends(0, 1, 2);
        upload.complete().isOk();
    }

    @Test
    void aChunkThatIsOnlyThereInPartIsMissing() throws IOException {
        Upload upload = begin(video(30_000), 10_000);
        upload.sends(0, 1, 2);
        Files.write(chunksOf(upload).resolve("1"), new byte[9_999]);
        assertThat(upload.uploaded()).containsExactly(0, 2);
    }

    @Test
    void anUploadOfSomebodyElseIsForbiddenAndOneThatIsNotThereIsNotFound() {
        Upload upload = begin(video(20_000), 10_000);
        upload.sends(0);
        alice = feed.someone();
        upload.send("1", upload.chunk(1)).isRefused(403, "forbidden");
        alice.post("/video/chunk/status", Map.of("upload_id", upload.id)).isRefused(403, "forbidden");
        upload.complete().isRefused(403, "forbidden");
        Upload unknown = new Upload(UUID.randomUUID().toString(), List.of(), upload.content, 10_000);
        unknown.send("1", upload.chunk(1)).isRefused(404, "upload session not found");
        alice.post("/video/chunk/status", Map.of("upload_id", "长")).isRefused(404, "upload session not found");
        unknown.complete().isRefused(404, "upload session not found");
    }

    @Test
    void withoutRedisAllIsWell() {
        FeedServices.get().redis().down();
        Upload upload = begin(video(20_000), 10_000);
        upload.sends(0, 1);
        upload.complete().isOk();
    }

    @Test
    void withoutTheDatabaseAChunkIsNotTakenAndMayComeAgain() {
        Upload upload = begin(video(20_000), 10_000);
        FeedServices.get().database().down();
        upload.send("0", upload.chunk(0)).isRefused(503, "try again");
        FeedServices.get().database().up();
        await().until(() -> upload.send("0", upload.chunk(0)).status() == 200);
        assertThat(upload.uploaded()).containsExactly(0);
    }

    @Test
    void chunksAreNotServed() {
        Upload upload = begin(video(20_000), 10_000);
        upload.sends(0);
        assertThat(chunksOf(upload).resolve("0")).exists();
        assertThat(List.of("/chunks/", "/static/chunks/", "/static/../chunks/", "/static/%2e%2e/chunks/"))
                .allSatisfy(path ->
                        assertThat(feed.get(path + upload.id + "/0").status()).isIn(400, 401, 404));
    }

    @Test
    void whatNobodyGoesOnWithForADayIsDeletedWithItsFiles() throws Exception {
        Upload abandoned = begin(video(20_000), 10_000);
        Upload merged = begin(video(20_000), 10_000);
        Upload complete = begin(video(20_000), 10_000);
        Upload young = begin(video(20_000), 10_000);
        List.of(abandoned, merged, complete, young).forEach(upload -> upload.sends(0, 1));
        Path crashed = served(merged);
        Files.createDirectories(crashed.getParent());
        Files.write(crashed, merged.content);
        JsonNode answer = complete.complete().isOk().json();
        Files.createDirectories(chunksOf(complete));
        List.of(abandoned, merged, complete).forEach(upload -> age(upload, 24 * 60 + 1));
        age(young, 24 * 60 - 2);
        camel.getRouteController().stopRoute("retention-uploads");
        camel.getRouteController().startRoute("retention-uploads");
        await().untilAsserted(() -> assertThat(sessions()).isEqualTo(1));
        assertThat(List.of(chunksOf(abandoned), chunksOf(merged), chunksOf(complete), crashed))
                .allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(fileOf(answer)).exists();
        assertThat(young.uploaded()).containsExactly(0, 1);
    }

    @Test
    void whoeverGoesOnHasAnotherDay() {
        Upload upload = begin(video(20_000), 10_000);
        age(upload, 60);
        upload.sends(0);
        assertThat(minutesSince(upload)).isZero();
        age(upload, 60);
        begin(upload.content, 10_000);
        assertThat(minutesSince(upload)).isZero();
    }

    private long minutesSince(Upload upload) {
        return database.queryForObject(
                "SELECT TIMESTAMPDIFF(MINUTE, changed_at, UTC_TIMESTAMP(3)) FROM upload_sessions WHERE upload_id = ?",
                Long.class,
                upload.id);
    }

    @Test
    void aCrashBeforeTheAnswerLosesNothing() throws IOException {
        Upload upload = begin(video(20_000), 10_000);
        upload.sends(0, 1);
        Path crashed = served(upload);
        Files.createDirectories(crashed.getParent());
        Files.write(crashed, Arrays.copyOf(upload.content, 500));
        assertThat(fileOf(upload.complete().isOk().json())).isEqualTo(crashed).hasBinaryContent(upload.content);
    }

    /** An upload in chunks, as its client remembers it. */
    private final class Upload {

        private final String id;
        private final List<Integer> begun;
        private final byte[] content;
        private final int chunkSize;

        private Upload(String id, List<Integer> begun, byte[] content, int chunkSize) {
            this.id = id;
            this.begun = begun;
            this.content = content;
            this.chunkSize = chunkSize;
        }

        byte[] chunk(int index) {
            return Arrays.copyOfRange(content, index * chunkSize, Math.min(content.length, (index + 1) * chunkSize));
        }

        /** @return the answer to the last */
        Answer sends(int... indexes) {
            return IntStream.of(indexes)
                    .mapToObj(
                            index -> alice.uploadsChunk(id, index, chunk(index)).isOk())
                    .reduce((before, last) -> last)
                    .orElseThrow();
        }

        Answer send(String index, byte[] chunk) {
            return send(index, DigestUtils.md5Hex(chunk), chunk);
        }

        Answer send(String index, String hash, byte[] chunk) {
            return post(Map.of("upload_id", id, "chunk_index", index, "chunk_hash", hash), chunk);
        }

        JsonNode status() {
            return alice.post("/video/chunk/status", Map.of("upload_id", id))
                    .isOk()
                    .json();
        }

        List<Integer> uploaded() {
            return numbers(status().get("uploaded_chunks"));
        }

        Answer complete() {
            return alice.post("/video/chunk/complete", Map.of("upload_id", id));
        }
    }

    private Upload begin(byte[] content, int chunkSize) {
        JsonNode answer = init(
                        content.length,
                        chunkSize,
                        (content.length + chunkSize - 1) / chunkSize,
                        DigestUtils.md5Hex(content))
                .isOk()
                .json();
        return new Upload(answer.get("upload_id").asText(), numbers(answer.get("uploaded_chunks")), content, chunkSize);
    }

    private Answer init(long size, long chunk, long total) {
        return init(size, chunk, total, DigestUtils.md5Hex("a file"));
    }

    private Answer init(long size, long chunk, long total, String hash) {
        return alice.post(
                "/video/chunk/init",
                Map.of(
                        "filename",
                        "tea.mp4",
                        "file_size",
                        size,
                        "chunk_size",
                        chunk,
                        "total_chunks",
                        total,
                        "file_hash",
                        hash));
    }

    private Answer post(Map<String, String> fields, byte[] chunk) {
        Map<String, String> token = Map.of("Authorization", "Bearer " + alice.token());
        return feed.upload("/video/chunk/upload", fields, "blob", chunk, token);
    }

    private Video publish(JsonNode upload) {
        Answer answer = alice.post(
                "/video/publish",
                Map.of("title", "Tea", "play_url", upload.get("play_url").asText(), "cover_url", "/c.jpg"));
        return new Video(feed, answer.isOk().json().get("id").asLong());
    }

    /** A video that plays, with a box of something else behind it, so that no two are alike. */
    private static byte[] video(int size) {
        try (var file = ChunkIT.class.getResourceAsStream("tea.mp4")) {
            byte[] tea = file.readAllBytes();
            byte[] something = UUID.randomUUID().toString().getBytes(UTF_8);
            return ByteBuffer.allocate(size)
                    .put(tea)
                    .putInt(size - tea.length)
                    .put("free".getBytes(UTF_8))
                    .put(something)
                    .array();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Integer> numbers(JsonNode array) {
        assertThat(array.isArray()).isTrue();
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    private static String pathOf(JsonNode answer) {
        return URI.create(answer.get("url").asText()).getPath();
    }

    private Path fileOf(JsonNode answer) {
        return directory.resolve(pathOf(answer).substring(1));
    }

    private Path chunksOf(Upload upload) {
        return directory.resolve("chunks").resolve(upload.id);
    }

    /** Where a file will be served. */
    private Path served(Upload upload) {
        String path = database.queryForObject(
                "SELECT upload_path FROM upload_sessions WHERE upload_id = ?", String.class, upload.id);
        return directory.resolve(path.substring(1));
    }

    private List<Path> servedFiles() throws IOException {
        Path ofAlice = directory.resolve("static/videos/" + alice.id());
        if (!Files.exists(ofAlice)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(ofAlice)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private long sessions() {
        return database.queryForObject(
                "SELECT COUNT(*) FROM upload_sessions WHERE account_id = ?", Long.class, alice.id());
    }

    private void age(Upload upload, int minutes) {
        database.update(
                "UPDATE upload_sessions SET changed_at = UTC_TIMESTAMP(3) - INTERVAL ? MINUTE WHERE upload_id = ?",
                minutes,
                upload.id);
    }
}
