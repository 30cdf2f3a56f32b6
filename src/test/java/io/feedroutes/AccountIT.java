package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Registering and logging in. */
@FeedTest
class AccountIT {

    @Autowired
    Feed feed;

    @Autowired
    JdbcTemplate database;

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

    private Answer login(String name, String password) {
        return feed.post("/account/login", Map.of("username", name, "password", password));
    }
}
