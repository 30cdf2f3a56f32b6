package io.feedroutes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;

/** Files that are uploaded, and where they are served. */
@FeedTest
class UploadIT {

    private static final String VIDEO = "/video/uploadVideo";
    private static final String COVER = "/video/uploadCover";
    private static final String AVATAR = "/account/uploadAvatar";
    private static final byte[] MP4 = "\0\0\0\u0018ftypisom\0\0\2\0isomiso2\0\0\0\10mdat".getBytes(US_ASCII);
    private static final byte[] HTML = "<html><script>alert(1)</script></html>".getBytes(US_ASCII);
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F'};
    private static final byte[] WEBP = "RIFF\20\0\0\0WEBPVP8 ".getBytes(US_ASCII);

    @Autowired
    Feed feed;

    @Autowired
    ServletContext server;

    @Value("${feed.uploads-directory}")
    Path directory;

    @Value("${local.server.port}")
    int port;

    private Account alice;

    @BeforeEach
    void somebody() {
        alice = feed.someone();
    }

    @Test
    void anUploadedVideoIsServedAsItCame() {
        JsonNode answer = alice.uploads(VIDEO, "Tea.MP4", MP4).isOk().json();
        assertThat(answer.get("url")).isEqualTo(answer.get("play_url"));
        assertThat(answer.get("url").asText())
                .matches("http://localhost:" + port + "/static/videos/" + alice.id() + "/\\d{8}/[0-9a-f]{32}[.]mp4");
        Answer file = feed.get(pathOf(answer)).isOk();
        assertThat(file.text().getBytes(US_ASCII)).isEqualTo(MP4);
        assertThat(file.headers().firstValue("Content-Type")).hasValue("video/mp4");
        assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(feed.head(pathOf(answer)).isOk().headers().firstValueAsLong("Content-Length"))
                .hasValue(MP4.length);
    }

    @Test
    void anUploadedCoverIsServed() {
        JsonNode answer = alice.uploads(COVER, "tea.png", PNG).isOk().json();
        assertThat(answer.get("url")).isEqualTo(answer.get("cover_url"));
        assertThat(pathOf(answer)).matches("/static/covers/" + alice.id() + "/\\d{8}/[0-9a-f]{32}[.]png");
        assertThat(feed.get(pathOf(answer)).isOk().headers().firstValue("Content-Type"))
                .hasValue("image/png");
    }

    @Test
    void anUploadedAvatarIsShownAtOnce() {
        String url = avatarOf(alice);
        assertThat(shown(alice)).isEqualTo(url);
        assertThat(URI.create(url).getPath()).matches("/static/avatars/" + alice.id() + "/\\d{8}/[0-9a-f]{32}[.]png");
        feed.get(URI.create(url).getPath()).isOk();
    }

    @Test
    void theAvatarBeforeIsDeleted(@Autowired JdbcTemplate database) {
        String before = URI.create(avatarOf(alice)).getPath();
        String now = avatarOf(alice);
        assertThat(feed.get(before).status()).isEqualTo(404);
        assertThat(shown(alice)).isEqualTo(now);
        assertThat(database.queryForList("SELECT url FROM uploads WHERE account_id = ?", String.class, alice.id()))
                .containsExactly(now);
    }

    @Test
    void ofManyAvatarsAtOnceTheOneThatIsShownStays() throws IOException {
        AtOnce.times(6, number -> avatarOf(alice));
        try (Stream<Path> files = Files.walk(directory.resolve("static/avatars/" + alice.id()))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .singleElement()
                    .isEqualTo(shown(alice).replaceFirst(".*/", ""));
        }
    }

    @Test
    void aPictureThatWasNotUploadedAsAnAvatarOfTheAccountStays(@Autowired JdbcTemplate database) {
        Account bob = feed.someone();
        String cover =
                alice.uploads(COVER, "tea.png", PNG).isOk().json().get("url").asText();
        for (String url : List.of(cover, avatarOf(bob), "https://elsewhere.example/a.png", "")) {
            database.update("UPDATE accounts SET avatar_url = ? WHERE id = ?", url, alice.id());
            avatarOf(alice);
        }
        feed.get(URI.create(cover).getPath()).isOk();
        feed.get(URI.create(shown(bob)).getPath()).isOk();
    }

    private static String avatarOf(Account account) {
        return account.uploads(AVATAR, "me.png", PNG)
                .isOk()
                .json()
                .get("avatar_url")
                .asText();
    }

    private String shown(Account account) {
        return feed.post("/account/findByID", Map.of("id", account.id()))
                .isOk()
                .json()
                .get("avatar_url")
                .asText();
    }

    @Test
    void everyKindOfImageIsTaken() {
        Map<String, byte[]> images = Map.of("a.jpg", JPEG, "a.jpeg", JPEG, "a.png", PNG, "a.webp", WEBP);
        assertThat(images)
                .allSatisfy((name, image) -> alice.uploads(COVER, name, image).isOk());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tea.avi", "tea.mp4.html", "tea", ".mp4/.."})
    void aVideoOfAnotherNameIsRefused(String name) {
        alice.uploads(VIDEO, name, MP4).isRefused(400, "only .mp4 is allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "/video/uploadVideo,a.mp4,only .mp4 is allowed",
        "/video/uploadCover,a.png,only .jpg/.jpeg/.png/.webp is allowed",
        "/account/uploadAvatar,a.webp,only .jpg/.jpeg/.png/.webp allowed"
    })
    void aFileWithTheRightNameAndOtherContentIsRefusedAndDeleted(String path, String name, String why)
            throws IOException {
        alice.uploads(path, name, HTML).isRefused(400, why);
        nothingStays();
    }

    @Test
    void anEmptyFileIsRefused() {
        alice.uploads(VIDEO, "tea.mp4", new byte[0]).isRefused(400, "invalid file size");
    }

    @Test
    void aCoverThatIsALittleTooLargeIsRefusedAndDeleted() throws IOException {
        alice.uploads(COVER, "tea.png", Arrays.copyOf(PNG, 10 * 1024 * 1024)).isOk();
        alice = feed.someone();
        alice.uploads(COVER, "tea.png", Arrays.copyOf(PNG, 10 * 1024 * 1024 + 1))
                .isRefused(400, "invalid file size");
        nothingStays();
    }

    @Test
    void aCoverThatIsMuchTooLargeIsNotEvenReceived() throws IOException {
        try (Socket client = new Socket("localhost", port)) {
            begin(client, COVER, 11 * 1024 * 1024);
            assertThat(new String(client.getInputStream().readNBytes(12), US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void aFormWithoutTheFileIsRefused() {
        Map<String, String> form = Map.of(
                "Authorization", "Bearer " + alice.token(), "Content-Type", "multipart/form-data; boundary=file");
        feed.form(VIDEO, "--file\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--file--\r\n", form)
                .isRefused(400, "missing file");
        feed.form(VIDEO, "--file--\r\n", form).isRefused(400, "missing file");
        feed.form(VIDEO, "no form", form).isRefused(400, "missing file");
    }

    @Test
    void aFormThatIsNoneIsRefused() {
        Map<String, String> noBoundary =
                Map.of("Authorization", "Bearer " + alice.token(), "Content-Type", "multipart/form-data");
        Map<String, String> form = Map.of(
                "Authorization", "Bearer " + alice.token(), "Content-Type", "multipart/form-data; boundary=file");
        String part = "--file\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\nx\r\n";
        feed.form(VIDEO, part.formatted("file", "a.mp4"), noBoundary).isRefused(400, "");
        feed.form(VIDEO, part.formatted("file", "a.mp4"), form).isRefused(400, "");
        feed.form(VIDEO, part.formatted("file", "a.mp4\0"), form).isRefused(400, "");
        for (String name : List.of("a\0.mp4", "a".repeat(600) + ".mp4", "a".repeat(20_000) + ".mp4")) {
            feed.form(VIDEO, part.formatted("file", name) + "--file--\r\n", form)
                    .isRefused(400, "");
        }
        feed.form(VIDEO, part.formatted("x", "y").repeat(2000) + "--file--\r\n", form)
                .isRefused(400, "");
    }

    @Test
    void anUploadOfASessionThatHasEndedIsNotEvenReceived() throws IOException {
        alice.post("/account/logout", "").isOk();
        try (Socket client = new Socket("localhost", port)) {
            begin(client, VIDEO, 60_000_000);
            assertThat(new String(client.getInputStream().readNBytes(12), US_ASCII))
                    .isEqualTo("HTTP/1.1 401");
            assertThat(received()).isEmpty();
        }
    }

    @Test
    void nobodyUploadsWithoutAToken() {
        feed.upload(VIDEO, "tea.mp4", MP4, Map.of()).isRefused(401, "missing authorization header");
    }

    @Test
    void aClientDoesNotSayWhichSchemeItsUrlHas() {
        JsonNode answer = feed.upload(
                        VIDEO,
                        "tea.mp4",
                        MP4,
                        Map.of(
                                "Authorization",
                                "Bearer " + alice.token(),
                                "X-Forwarded-Proto",
                                "javascript",
                                "X-Forwarded-Host",
                                "evil.example"))
                .isOk()
                .json();
        assertThat(answer.get("url").asText()).startsWith("http://localhost:" + port + "/static/");
    }

    @Test
    void nothingStaysOfAnUploadThatBreaksOff() throws IOException {
        try (Socket client = new Socket("localhost", port)) {
            begin(client, VIDEO, 100_000_000);
            client.getOutputStream()
                    .write(("--file\r\nContent-Disposition: form-data; name=\"file\"; filename=\"tea.mp4\"\r\n\r\n"
                                    + "x".repeat(1_000_000))
                            .getBytes(US_ASCII));
            await().until(() -> !received().isEmpty());
        }
        nothingStays();
    }

    @Test
    void nothingButFilesBelowStaticIsServed() throws IOException {
        alice.uploads(VIDEO, "tea.mp4", MP4).isOk();
        Files.writeString(directory.resolve("secret.txt"), "secret");
        assertThat(List.of(
                        "/static/../secret.txt",
                        "/static/%2e%2e/secret.txt",
                        "/static/..%2fsecret.txt",
                        "/static/%252e%252e/secret.txt",
                        "/static//secret.txt",
                        "/static/",
                        "/static/videos/",
                        "/static/videos/" + alice.id()))
                .allSatisfy(path -> assertThat(feed.get(path).status()).isIn(400, 401, 404));
    }

    private void begin(Socket client, String path, int length) throws IOException {
        String head = """
                POST %s HTTP/1.1
                Host: localhost
                Authorization: Bearer %s
                Content-Type: multipart/form-data; boundary=file
                Content-Length: %d

                """.formatted(path, alice.token(), length);
        client.getOutputStream().write(head.replace("\n", "\r\n").getBytes(US_ASCII));
    }

    private static String pathOf(JsonNode answer) {
        return URI.create(answer.get("url").asText()).getPath();
    }

    private void nothingStays() throws IOException {
        await().untilAsserted(() -> assertThat(received()).isEmpty());
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.contains("/" + alice.id() + "/"));
        }
    }

    /** What the server has received and the application not stored yet. */
    private List<File> received() {
        File[] files = ((File) server.getAttribute(ServletContext.TEMPDIR)).listFiles(File::isFile);
        return files == null ? List.of() : List.of(files);
    }
}
