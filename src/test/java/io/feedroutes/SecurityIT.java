package io.feedroutes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.feedroutes.conventions.Part;
import io.feedroutes.conventions.Project;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Who gets in, and what bad input is answered with. */
@FeedTest
class SecurityIT {

    @Autowired
    Feed feed;

    @Value("${feed.jwt-secret}")
    String secret;

    @Value("${local.server.port}")
    int port;

    @ParameterizedTest
    @ValueSource(strings = {"/like/like", "/like/unlike", "/like/isLiked", "/like/listMyLikedVideos", "/video/publish"})
    void withoutATokenThereIsNoWayIn(String path) {
        feed.post(path, "{}").isRefused(401, "missing authorization header");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void onlyWhatTheContractOpensNeedsNoToken(String method, String path, boolean isOpen) {
        Answer answer = switch (method) {
            case "get" -> feed.get(path);
            case "delete" -> feed.delete(path);
            default -> feed.post(path, "{}");
        };
        assertThat(answer.status() != 401).as(answer.text()).isEqualTo(isOpen);
    }

    static Stream<Arguments> operations() {
        return Project.of(Path.of("")).contract().get("paths").parts().stream()
                .flatMap(path -> path.parts().stream()
                        .map(operation -> arguments(
                                operation.key(),
                                path.key().replaceAll("[{}]", ""),
                                isOpen(operation.get("security")))));
    }

    /** Without an own {@code security} the contract asks for a token. */
    private static boolean isOpen(Part security) {
        return security.isList()
                && (security.parts().isEmpty()
                        || security.parts().stream().anyMatch(way -> way.parts().isEmpty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/like/like/",
                "//like/like",
                "/LIKE/LIKE",
                "/like/like;a=b",
                "/like/%6cike",
                "/actuator/health",
                "/no/such/path"
            })
    void noOtherSpellingOfAPathGetsAround(String path) {
        assertThat(feed.post(path, "{}").status()).isIn(400, 404);
    }

    @Test
    void aTokenOfSomebodyElsesSecretIsRefused() throws Exception {
        refused(signed("another-secret-of-at-least-32-bytes!", Instant.now().plusSeconds(60)));
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        refused(signed(secret, Instant.now().minusSeconds(120)));
    }

    @Test
    void aTokenThatNeverExpiresIsRefused() throws Exception {
        refused(signed(secret, null));
    }

    @Test
    void anUnsignedTokenIsRefused() {
        refused(new PlainJWT(new JWTClaimsSet.Builder().claim("account_id", 1).build()).serialize());
    }

    @Test
    void theActorIsWhoseTokenItIsWhateverTheBodySays() {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        alice.post("/like/like", Map.of("video_id", video.id(), "user_id", 1, "account_id", 1))
                .isOk();
        await().untilAsserted(() -> assertThat(video.isLikedBy(alice)).isTrue());
    }

    @Test
    void noHeaderOfTheRequestComesBack() {
        Answer answer = feed.post(
                "/video/getDetail?secret-query=1",
                Map.of("id", feed.someVideo().id()),
                Map.of("Authorization-Copy", "a", "Cookie", "b=c"));
        assertThat(answer.isOk().headers().map().keySet())
                .map(String::toLowerCase)
                .doesNotContain("authorization-copy", "cookie", "user-agent", "secret-query");
    }

    @Test
    void noHeaderOfARefusedRequestComesBack() {
        Answer answer = feed.someone().post("/like/like", "{}", Map.of("Cookie", "b=c"));
        assertThat(answer.isRefused(400, "video_id").headers().map().keySet())
                .map(String::toLowerCase)
                .doesNotContain("authorization", "cookie", "user-agent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/like/like/more",
                "/like/%6cike",
                "/%6cike/like",
                "/video/getDetail/more",
                "/video/%67etDetail",
                "/healthz",
                "/healthz/more",
                "/%68ealthz",
                "/posts/a/b",
                "/notification/stream",
                "/no/such/path",
                "/static/no/such/file",
                "/"
            })
    void nothingOfARequestComesBackFromAPathThatIsNone(String path) {
        Account alice = feed.someone();
        Map<String, String> headers = Map.of("Cookie", "secret=canary", "X-Canary", "canary");
        assertThat(List.of(
                        feed.post(path + "?token=canary", "\"canary\"", headers),
                        alice.post(path + "?more=canary", "\"canary\"", headers)))
                .allSatisfy(answer -> {
                    assertThat(answer.isRefused(answer.status(), "").status()).isIn(404, 405);
                    assertThat(answer.text() + answer.headers())
                            .doesNotContain("canary")
                            .doesNotContain(alice.token());
                });
    }

    @Test
    void whoeverSendsTwoTokensIsNobody() throws Exception {
        Account alice = feed.someone();
        String good = "Authorization: Bearer " + alice.token() + "\r\n";
        String other = "Authorization: Bearer x\r\n";
        assertThat(List.of(good + other, other + good, good + good)).allSatisfy(headers -> {
            try (Socket socket = new Socket("localhost", port)) {
                socket.getOutputStream()
                        .write("POST /notification/list HTTP/1.1\r\nHost: a\r\n%sConnection: close\r\n\r\n"
                                .formatted(headers)
                                .getBytes(US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                        .startsWith("HTTP/1.1 401");
            }
        });
    }

    @Test
    void nobodyIsSentToAnAddressThatARequestNames() {
        assertThat(feed.get("/logout").headers().firstValue("Location")).isEmpty();
    }

    @Test
    void aBodyOfMoreThan64KiBIsRefused() {
        feed.post("/account/login", "{\"username\":\"" + "a".repeat(70_000) + "\"}")
                .isRefused(413, "64 KiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "1", "\"video_id\"", "{}"})
    void aBodyThatIsNoRequestIsRefused(String body) {
        feed.someone().post("/like/like", body).isRefused(400, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"video_id\":\"1\"}",
                "{\"video_id\":1.5}",
                "{\"video_id\":-1}",
                "{\"video_id\":0}",
                "{\"video_id\":true}",
                "{\"video_id\":null}",
                "{\"video_id\":99999999999999999999}",
                "{\"video_id\":{}}",
                "{\"video_id\":1e999}"
            })
    void aWrongVideoIdIsNamed(String body) {
        feed.someone().post("/like/like", body).isRefused(400, "video_id");
    }

    @Test
    void unknownFieldsAreIgnored() {
        assertThat(feed.someVideo()
                        .feed()
                        .post("/video/getDetail", Map.of("id", feed.someVideo().id(), "more", "x"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/path", "/error-report", "/patterns/fanout", "/like/like/"})
    void anUnknownPathIsNotFoundWhoeverAsks(String path) {
        feed.post(path, "{}").isRefused(404, "there is no such operation");
        feed.post(path, "{}", Map.of("Authorization", "Bearer of nothing"))
                .isRefused(404, "there is no such operation");
        feed.someone().post(path, "{}").isRefused(404, "there is no such operation");
    }

    @Test
    void anotherMethodOfAPathIsNotFoundWhoeverAsks() {
        assertThat(List.of(feed.get("/like/like"), feed.delete("/account/login")))
                .allSatisfy(answer -> answer.isRefused(404, "there is no such operation"));
    }

    @Test
    void healthNeedsNoToken() {
        assertThat(feed.get("/healthz").isOk().text()).isEqualTo("{\"status\":\"ok\"}");
    }

    private void refused(String token) {
        feed.post("/like/listMyLikedVideos", "{}", Map.of("Authorization", "Bearer " + token))
                .isRefused(401, "invalid or expired token");
    }

    private static String signed(String secret, Instant expiry) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .claim("account_id", 1)
                        .claim("username", "a")
                        .expirationTime(expiry == null ? null : Date.from(expiry))
                        .build());
        token.sign(new MACSigner(secret));
        return token.serialize();
    }
}
