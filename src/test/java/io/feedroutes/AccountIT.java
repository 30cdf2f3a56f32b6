package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** Accounts and their sessions. */
@FeedTest
class AccountIT {

    @Autowired
    Feed feed;

    @Autowired
    JdbcTemplate database;

    @Autowired
    StringRedisTemplate redis;

    @Test
    void loggingInAnswersWithTokensAndWhoItIs() {
        Account alice = feed.someone();
        JsonNode login = login(alice.name(), alice.password()).isOk().json();
        assertThat(login.fieldNames()).toIterable().containsExactly("token", "refresh_token", "account_id", "username");
        assertThat(login.get("refresh_token").asText()).matches("[0-9a-f]{64}");
        assertThat(login.get("username").asText()).isEqualTo(alice.name());
    }

    @Test
    void aWrongPasswordAndAnUnknownNameAreRefusedAlike() {
        Account alice = feed.someone();
        login(alice.name(), "wrong").isRefused(401, "invalid username or password");
        login(alice.name() + "?", alice.password()).isRefused(401, "invalid username or password");
    }

    @Test
    void aPasswordWithQuotesIsAnotherThanWithout() {
        String name = feed.someone().name() + "-quoted";
        feed.post("/account/register", Map.of("username", name, "password", "'secret'"))
                .isOk();
        login(name, "secret").isRefused(401, "invalid");
        login(name, "'secret'").isOk();
    }

    @Test
    void aNameCanBeTakenOnce() {
        Account alice = feed.someone();
        feed.post("/account/register", Map.of("username", alice.name(), "password", "another"))
                .isRefused(409, "username already exists");
    }

    @Test
    void neitherPasswordNorRefreshTokenIsStored() {
        Account alice = feed.someone();
        String refreshToken = login(alice.name(), alice.password())
                .isOk()
                .json()
                .get("refresh_token")
                .asText();
        Map<String, Object> row = database.queryForMap("SELECT * FROM accounts WHERE id = ?", alice.id());
        assertThat(row.get("password").toString()).startsWith("$2a$10$");
        assertThat(row.values()).map(String::valueOf).doesNotContain(alice.password(), refreshToken);
    }

    @Test
    void aPasswordThatBcryptWouldCutIsRefused() {
        feed.post("/account/register", Map.of("username", "long", "password", "ä".repeat(40)))
                .isRefused(400, "password");
    }

    @Test
    void aPasswordThatIsLongerThanBcryptReadsIsAnother() {
        String name = feed.someone().name() + "-long";
        String password = "ä".repeat(36);
        feed.post("/account/register", Map.of("username", name, "password", password))
                .isOk();
        login(name, password + "x").isRefused(401, "invalid username or password");
        login(name, password).isOk();
    }

    @Test
    void afterLogoutNeitherTokenIsValid() {
        JsonNode session = session();
        post("/account/logout", "{}", session).isOk();
        post("/account/logout", "{}", session).isRefused(401, "token has been revoked");
        refresh(session).isRefused(401, "invalid refresh token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/like/like",
                "/like/unlike",
                "/comment/publish",
                "/comment/delete",
                "/social/follow",
                "/social/unfollow"
            })
    void afterLogoutNothingIsAccepted(String path) {
        Account alice = feed.someone();
        Video video = feed.someVideo();
        alice.post("/account/logout", "{}").isOk();
        Map<String, Object> body = Map.of(
                "video_id",
                video.id(),
                "content",
                "nice",
                "comment_id",
                1,
                "vlogger_id",
                feed.someone().id());
        alice.post(path, body).isRefused(401, "token has been revoked");
    }

    @Test
    void whoeverStillSendsATokenThatHasEndedCanLogInAgain() {
        Account alice = feed.someone();
        alice.post("/account/logout", Map.of()).isOk();
        alice.post("/account/login", Map.of("username", alice.name(), "password", alice.password()))
                .isOk();
    }

    @Test
    void aLoginEndsTheSessionBeforeIt() {
        Account alice = feed.someone();
        login(alice.name(), alice.password()).isOk();
        alice.post("/like/listMyLikedVideos", "{}").isRefused(401, "token has been revoked");
    }

    @Test
    void revocationHoldsWhenRedisHasLostItsData() {
        Account alice = feed.someone();
        alice.post("/account/logout", "{}").isOk();
        redis.delete(redis.keys("*"));
        alice.post("/like/listMyLikedVideos", "{}").isRefused(401, "token has been revoked");
    }

    @Test
    void aRefreshTokenStaysGood() {
        JsonNode session = session();
        for (int i = 0; i < 3; i++) {
            JsonNode fresh = refresh(session).isOk().json();
            assertThat(fresh.fieldNames())
                    .toIterable()
                    .containsExactly("token", "refresh_token", "account_id", "username");
            assertThat(fresh.get("refresh_token")).isEqualTo(session.get("refresh_token"));
            post("/like/listMyLikedVideos", "{}", fresh).isOk();
        }
    }

    @Test
    void tabsThatRefreshOneAfterTheOtherStayLoggedIn() {
        JsonNode session = session();
        JsonNode oneTab = refresh(session).isOk().json();
        JsonNode anotherTab = refresh(session).isOk().json();
        assertThat(List.of(session, oneTab, anotherTab))
                .allSatisfy(
                        tokens -> post("/like/listMyLikedVideos", "{}", tokens).isOk());
    }

    @Test
    void tabsThatRefreshAtOnceStayLoggedIn() {
        JsonNode session = session();
        assertThat(AtOnce.times(8, i -> refresh(session)))
                .allSatisfy(tab ->
                        post("/like/listMyLikedVideos", "{}", tab.isOk().json()).isOk());
    }

    @Test
    void whatEndsASessionEndsAllItsTokens() {
        Account alice = feed.someone();
        JsonNode session = login(alice.name(), alice.password()).isOk().json();
        JsonNode fresh = refresh(session).isOk().json();
        login(alice.name(), alice.password()).isOk();
        refresh(session).isRefused(401, "invalid refresh token");
        post("/like/listMyLikedVideos", "{}", fresh).isRefused(401, "token has been revoked");

        JsonNode next = login(alice.name(), alice.password()).isOk().json();
        changePassword(alice, alice.password()).isOk();
        refresh(next).isRefused(401, "invalid refresh token");
    }

    @Test
    void aNewNameEndsTheAccessTokensWithTheOldOneAndNotTheSession() {
        Account alice = feed.someone();
        JsonNode session = login(alice.name(), alice.password()).isOk().json();
        post("/account/rename", Map.of("new_username", alice.name() + "-renamed"), session)
                .isOk();
        post("/like/listMyLikedVideos", "{}", session).isRefused(401, "token has been revoked");
        JsonNode fresh = refresh(session).isOk().json();
        assertThat(fresh.get("username").asText()).isEqualTo(alice.name() + "-renamed");
        post("/like/listMyLikedVideos", "{}", fresh).isOk();
    }

    @Test
    void anExpiredRefreshTokenIsRefused() {
        JsonNode session = session();
        database.update(
                "UPDATE accounts SET refresh_expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE id = ?",
                session.get("account_id").asLong());
        refresh(session).isRefused(401, "invalid refresh token");
    }

    @Test
    void aNewPasswordEndsTheSessionAndTheOldPassword() {
        Account alice = feed.someone();
        changePassword(alice, alice.password()).isOk();
        alice.post("/like/listMyLikedVideos", "{}").isRefused(401, "token has been revoked");
        login(alice.name(), alice.password()).isRefused(401, "invalid username or password");
        login(alice.name(), "another").isOk();
    }

    @Test
    void thePasswordIsNotChangedWithoutTheOldOne() {
        Account alice = feed.someone();
        changePassword(alice, "wrong").isRefused(400, "unsuccessfully password changed");
        login(alice.name(), alice.password()).isOk();
    }

    @Test
    void aNewNameIsOnTheTokenAndOnWhatIsPublished() {
        Account alice = feed.someone();
        Video video = alice.publishes("a title");
        Answer renamed = rename(alice, alice.name() + "-renamed").isOk();
        alice.post("/like/listMyLikedVideos", "{}").isRefused(401, "token has been revoked");
        post("/like/listMyLikedVideos", "{}", renamed.json()).isOk();
        assertThat(video.detail().get("username").asText()).isEqualTo(alice.name() + "-renamed");
        login(alice.name() + "-renamed", alice.password()).isOk();
    }

    @Test
    void aNewNameIsOnWhatIsCachedAtOnce() {
        Account alice = feed.someone();
        Video video = alice.publishes("a title");
        video.detail();
        rename(alice, alice.name() + "-renamed").isOk();
        assertThat(video.detail().get("username").asText()).isEqualTo(alice.name() + "-renamed");
    }

    @Test
    void theNameOfAnotherIsRefusedAndTheOwnOneIsNot() {
        Account alice = feed.someone();
        rename(alice, feed.someone().name()).isRefused(409, "username already exists");
        rename(alice, alice.name()).isOk();
    }

    @Test
    void aProfileIsShownWhereverTheAccountIs() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        alice.follows(bob).isOk();
        bob.follows(alice).isOk();
        assertThat(updateProfile(alice, Map.of("bio", " \u3000curiouser\n", "avatar_url", " /alice.png "))
                        .isOk()
                        .text())
                .isEqualTo("{\"message\":\"profile updated\"}");
        String shown = "{\"id\":%d,\"username\":\"%s\",\"avatar_url\":\"/alice.png\",\"bio\":\"curiouser\"}"
                .formatted(alice.id(), alice.name());
        assertThat(found(alice).toString()).isEqualTo(shown);
        assertThat(List.of(
                        feed.post("/account/findByUsername", Map.of("username", alice.name())),
                        feed.post("/account/getProfile", Map.of("account_id", alice.id())),
                        bob.post("/social/getAllVloggers", "{}")))
                .allSatisfy(answer -> assertThat(answer.isOk().text()).contains(shown));
        await().untilAsserted(() -> assertThat(
                        bob.post("/social/getAllFollowers", "{}").isOk().text())
                .contains(shown));
    }

    @Test
    void whatAProfileDoesNotNameStaysAndAnEmptyTextClearsIt() {
        Account alice = feed.someone();
        updateProfile(alice, Map.of("bio", "a bio", "avatar_url", "https://example.org/a.png"))
                .isOk();
        updateProfile(alice, Map.of("bio", "another")).isOk();
        assertThat(found(alice).get("avatar_url").asText()).isEqualTo("https://example.org/a.png");
        assertThat(found(alice).get("bio").asText()).isEqualTo("another");
        updateProfile(alice, Map.of("bio", "", "avatar_url", " ")).isOk();
        assertThat(found(alice).fieldNames()).toIterable().containsExactly("id", "username");
    }

    @Test
    void aProfileHasLimits() {
        Account alice = feed.someone();
        updateProfile(alice, Map.of("bio", " " + "茶".repeat(254) + "🫖 ")).isOk();
        updateProfile(alice, Map.of("bio", "茶".repeat(256))).isRefused(400, "bio: must be at most 255 characters long");
        updateProfile(alice, Map.of("avatar_url", "/" + "a".repeat(511))).isOk();
        updateProfile(alice, Map.of("avatar_url", "/" + "a".repeat(512))).isRefused(400, "avatar_url");
        updateProfile(alice, Map.of()).isRefused(400, "nothing to update");
        updateProfile(alice, Map.of("username", "another")).isRefused(400, "nothing to update");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"javascript:alert(1)", "//elsewhere.example/a.png", "/\\elsewhere.example", "a.png", "ftp://a/b"
            })
    void anAvatarIsAPathOrAUrl(String url) {
        updateProfile(feed.someone(), Map.of("avatar_url", url))
                .isRefused(400, "avatar_url: must be a path that begins with /, or a URL of http or https");
    }

    @Test
    void anAccountIsFoundByIdAndByName() {
        Account alice = feed.someone();
        JsonNode found =
                feed.post("/account/findByID", Map.of("id", alice.id())).isOk().json();
        assertThat(found.fieldNames()).toIterable().containsExactly("id", "username");
        assertThat(found.get("id").asLong()).isEqualTo(alice.id());
        assertThat(feed.post("/account/findByUsername", Map.of("username", alice.name()))
                        .isOk()
                        .json())
                .isEqualTo(found);
    }

    @Test
    void anAccountThatDoesNotExistIsNotFound() {
        feed.post("/account/findByID", Map.of("id", Long.MAX_VALUE)).isRefused(404, "record not found");
        feed.post("/account/findByUsername", Map.of("username", "nobody at all"))
                .isRefused(404, "record not found");
        feed.post("/account/getProfile", Map.of("account_id", Long.MAX_VALUE)).isRefused(404, "record not found");
    }

    @Test
    void aProfileCountsWhatAnAccountHasGathered() {
        Account alice = feed.someone();
        Video video = alice.publishes("a title");
        alice.publishes("another");
        feed.someone().likes(video).isOk();
        await().untilAsserted(() -> assertThat(feed.post("/account/getProfile", Map.of("account_id", alice.id()))
                        .isOk()
                        .json()
                        .toString())
                .isEqualTo("""
                        {"account":{"id":%d,"username":"%s"},"video_count":2,"total_likes":1,"follower_count":0,"vlogger_count":0}""".formatted(alice.id(), alice.name())));
    }

    private JsonNode session() {
        Account alice = feed.someone();
        return login(alice.name(), alice.password()).isOk().json();
    }

    private Answer post(String path, Object body, JsonNode session) {
        return feed.post(
                path,
                body,
                Map.of("Authorization", "Bearer " + session.get("token").asText()));
    }

    private Answer refresh(JsonNode session) {
        return feed.post(
                "/account/refresh",
                Map.of("refresh_token", session.get("refresh_token").asText()));
    }

    private static Answer updateProfile(Account account, Map<String, String> change) {
        return account.post("/account/updateProfile", change);
    }

    private JsonNode found(Account account) {
        return feed.post("/account/findByID", Map.of("id", account.id())).isOk().json();
    }

    private Answer changePassword(Account account, String oldPassword) {
        return feed.post(
                "/account/changePassword",
                Map.of("username", account.name(), "old_password", oldPassword, "new_password", "another"));
    }

    private static Answer rename(Account account, String name) {
        return account.post("/account/rename", Map.of("new_username", name));
    }

    private Answer login(String name, String password) {
        return feed.post("/account/login", Map.of("username", name, "password", password));
    }
}
