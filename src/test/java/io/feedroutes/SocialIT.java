package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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

/** Who follows whom. */
@FeedTest
class SocialIT {

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    @Autowired
    StringRedisTemplate redis;

    @Test
    void whoFollowsIsListedAndCountedOnBothSides() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        Answer answer = alice.follows(bob).isOk();
        assertThat(answer.text()).isEqualTo("{\"message\":\"followed\"}");
        await().untilAsserted(() -> assertThat(counts(bob)).containsExactly(1L, 0L));
        assertThat(counts(alice)).containsExactly(0L, 1L);
        assertThat(bob.post("/social/getAllFollowers", "{}").isOk().text())
                .isEqualTo("{\"followers\":[{\"id\":%d,\"username\":\"%s\"}],\"follower_count\":1}"
                        .formatted(alice.id(), alice.name()));
        assertThat(alice.post("/social/getAllVloggers", "{}").isOk().text())
                .isEqualTo("{\"vloggers\":[{\"id\":%d,\"username\":\"%s\"}],\"vlogger_count\":1}"
                        .formatted(bob.id(), bob.name()));
    }

    @Test
    void theListsOfSomebodyElseAreAskedForByHisId() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        alice.follows(bob).isOk();
        Account eve = feed.someone();
        await().untilAsserted(() ->
                assertThat(followers(eve, Map.of("vlogger_id", bob.id()))).containsExactly(alice.id()));
        assertThat(eve.post("/social/getAllVloggers", Map.of("follower_id", alice.id()))
                        .isOk()
                        .json()
                        .get("vlogger_count")
                        .asLong())
                .isEqualTo(1);
        assertThat(followers(eve, Map.of("vlogger_id", 0))).isEmpty();
    }

    @Test
    void anUnfollowRightAfterTheFollowTakesItBack() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        alice.follows(bob).isOk();
        assertThat(alice.unfollows(bob).isOk().text()).isEqualTo("{\"message\":\"unfollowed\"}");
        await().untilAsserted(() -> assertThat(state(alice, bob)).containsExactly(0));
        assertThat(followers(bob, Map.of())).isEmpty();
        assertThat(counts(alice)).containsExactly(0L, 0L);
    }

    @Test
    void whatWasAcceptedIsListedAndCountedThoughNothingIsStored(@Autowired CamelContext camel) throws Exception {
        Account alice = feed.someone();
        Account bob = feed.someone();
        Account carol = feed.someone();
        alice.follows(bob).isOk();
        await().untilAsserted(() -> assertThat(state(alice, bob)).containsExactly(1));
        try (AutoCloseable stopped = Routes.stop(camel, "social-apply")) {
            alice.follows(carol).isOk();
            assertThat(vloggers(alice, Map.of())).containsExactly(carol.id(), bob.id());
            assertThat(vloggers(bob, Map.of("follower_id", alice.id()))).containsExactly(carol.id(), bob.id());
            assertThat(counts(alice)).containsExactly(0L, 2L);
            assertThat(followers(alice, Map.of("vlogger_id", carol.id()))).containsExactly(alice.id());
            alice.unfollows(bob).isOk();
            assertThat(vloggers(alice, Map.of())).containsExactly(carol.id());
            assertThat(counts(alice)).containsExactly(0L, 1L);
            assertThat(followers(alice, Map.of("vlogger_id", bob.id()))).isEmpty();
            alice.follows(bob).isOk();
            assertThat(vloggers(alice, Map.of())).containsExactly(bob.id(), carol.id());
            assertThat(counts(alice)).containsExactly(0L, 2L);
        }
        await().untilAsserted(() -> assertThat(state(alice, carol)).containsExactly(1));
        assertThat(vloggers(alice, Map.of())).containsExactly(bob.id(), carol.id());
        assertThat(counts(alice)).containsExactly(0L, 2L);
    }

    @Test
    void whatIsStoredLaterCountsInListsAndNumbers() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        alice.follows(bob).isOk();
        String later = Instant.now().plusSeconds(60).toString();
        broker.publish("social.events", "social.unfollow", event("unfollow", alice, bob, later));
        await().untilAsserted(() -> assertThat(state(alice, bob)).containsExactly(0));
        assertThat(vloggers(alice, Map.of())).isEmpty();
        assertThat(followers(alice, Map.of("vlogger_id", bob.id()))).isEmpty();
        assertThat(counts(alice)).containsExactly(0L, 0L);
    }

    @Test
    void withoutRedisTheDatabaseAloneSaysWhoFollows() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        alice.follows(bob).isOk();
        await().untilAsserted(() -> assertThat(state(alice, bob)).containsExactly(1));
        FeedServices.get().redis().down();
        assertThat(vloggers(alice, Map.of())).containsExactly(bob.id());
        assertThat(followers(bob, Map.of())).containsExactly(alice.id());
        assertThat(counts(alice)).containsExactly(0L, 1L);
    }

    @Test
    void aSecondFollowIsRefusedAndPublishesNothing() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        alice.follows(bob).isOk();
        String copy = broker.copyOf("social.events");
        alice.follows(bob).isRefused(409, "already followed");
        Account carol = feed.someone();
        carol.follows(bob).isOk();
        assertThat(broker.body(broker.take(copy)).get("follower_id").asLong()).isEqualTo(carol.id());
    }

    @Test
    void ofManyFollowsAtOnceOneIsAccepted() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        List<Integer> statuses = AtOnce.times(8, i -> alice.follows(bob).status());
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 409);
    }

    @Test
    void aFollowThatRedisHasForgottenIsStillRefusedTwice() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        alice.follows(bob).isOk();
        await().untilAsserted(() -> assertThat(state(alice, bob)).containsExactly(1));
        redis.delete("social:accepted:{%d}:%d".formatted(alice.id(), bob.id()));
        alice.follows(bob).isRefused(409, "already followed");
    }

    @Test
    void anUnfollowWithoutAFollowIsRefused() {
        feed.someone().unfollows(feed.someone()).isRefused(409, "not followed");
    }

    @Test
    void nobodyFollowsHimself() {
        Account alice = feed.someone();
        alice.follows(alice).isRefused(400, "can not follow self");
        alice.unfollows(alice).isRefused(409, "not followed");
    }

    @Test
    void anAccountThatDoesNotExistCannotBeFollowedNorListed() {
        Account alice = feed.someone();
        Map<String, Long> nobody = Map.of("vlogger_id", Long.MAX_VALUE);
        alice.post("/social/follow", nobody).isRefused(404, "record not found");
        alice.post("/social/unfollow", nobody).isRefused(404, "record not found");
        alice.post("/social/getAllFollowers", nobody).isRefused(404, "record not found");
        alice.post("/social/getAllVloggers", Map.of("follower_id", Long.MAX_VALUE))
                .isRefused(404, "record not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"vlogger_id\":0}"})
    void aFollowNeedsAnAccount(String body) {
        feed.someone().post("/social/follow", body).isRefused(400, "vlogger_id is required");
    }

    @Test
    void aListNeedsABodyAndTheRightType() {
        feed.someone().post("/social/getAllFollowers", "").isRefused(400, "not valid JSON");
        feed.someone().post("/social/getAllFollowers", "{\"vlogger_id\":\"1\"}").isRefused(400, "vlogger_id");
    }

    @Test
    void aCountThatCannotBeReadIsAnErrorAndNotZero() {
        Account alice = feed.someone();
        database.execute("RENAME TABLE social_states TO social_states_away");
        try {
            alice.post("/social/getCounts", "{}").isRefused(500, "internal error");
        } finally {
            database.execute("RENAME TABLE social_states_away TO social_states");
        }
    }

    @Test
    void theMessageIsTheEventAndNothingElse() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        String copy = broker.copyOf("social.events");
        Answer answer = alice.follows(bob).isOk();
        alice.unfollows(bob).isOk();
        Message follow = broker.take(copy);
        assertThat(broker.body(follow).fieldNames())
                .toIterable()
                .containsExactlyElementsOf(fieldsOf("social.follow.json"));
        assertThat(broker.body(follow).get("follower_id").asLong()).isEqualTo(alice.id());
        assertThat(broker.body(follow).get("vlogger_id").asLong()).isEqualTo(bob.id());
        assertThat(follow.getMessageProperties().getReceivedRoutingKey()).isEqualTo("social.follow");
        assertThat(follow.getMessageProperties().getMessageId())
                .isEqualTo(broker.body(follow).get("event_id").asText())
                .isEqualTo(answer.headers().firstValue("X-Event-Id").orElseThrow());
        assertThat(follow.getMessageProperties().getContentType()).isEqualTo("application/json");
        assertThat(follow.getMessageProperties().getReceivedDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
        assertThat(follow.getMessageProperties().getHeaders()).isEmpty();
        Message unfollow = broker.take(copy);
        assertThat(broker.body(unfollow).get("action").asText()).isEqualTo("unfollow");
        assertThat(unfollow.getMessageProperties().getReceivedRoutingKey()).isEqualTo("social.unfollow");
    }

    @Test
    void theLaterOperationWinsWhateverComesFirst() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        Account carol = feed.someone();
        broker.publish("social.events", "social.unfollow", event("unfollow", alice, bob, "2026-01-01T00:00:02Z"));
        broker.publish("social.events", "social.follow", event("follow", alice, bob, "2026-01-01T00:00:01Z"));
        broker.publish("social.events", "social.follow", event("follow", carol, bob, "2026-01-01T00:00:01Z"));
        await().untilAsserted(() -> assertThat(state(carol, bob)).containsExactly(1));
        assertThat(state(alice, bob)).containsExactly(0);
    }

    @Test
    void anEventOfAGoNodeIsUnderstood() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        broker.publish(
                "social.events",
                "social.follow",
                golden("social.follow.go.json")
                        .replace("\"follower_id\":7", "\"follower_id\":" + alice.id())
                        .replace("\"vlogger_id\":8", "\"vlogger_id\":" + bob.id())
                        .replace("123456789Z", "123456789-08:00"));
        await().untilAsserted(() -> assertThat(database.queryForList(
                        "SELECT CAST(changed_at AS CHAR) FROM social_states WHERE follower_id = ?",
                        String.class,
                        alice.id()))
                .containsExactly("2026-02-01 07:59:59.123456"));
        alice.follows(bob).isRefused(409, "already followed");
    }

    @Test
    void aFollowOfAnAccountThatDoesNotExistIsRejectedAndNotParked() {
        broker.takeAll("social.events.dlq");
        Account nobody = new Account(feed, Long.MAX_VALUE, "nobody", "", "");
        String event = event("follow", feed.someone(), nobody, "2026-01-01T00:00:01Z");
        broker.publish("social.events", "social.follow", event);
        await().untilAsserted(() -> assertThat(database.queryForList(
                        "SELECT reason FROM rejected_events WHERE event_id = ?",
                        String.class,
                        broker.read(event).get("event_id").asText()))
                .containsExactly("account not found"));
        assertThat(broker.depth("social.events.dlq")).isZero();
    }

    @Test
    void aBatchIsAppliedByOneStatementAndNotMessageByMessage(@Autowired CamelContext camel) throws Exception {
        Account bob = feed.someone();
        List<Account> accounts = Stream.generate(feed::someone).limit(5).toList();
        ManagedRouteMBean applied = camel.getCamelContextExtension()
                .getContextPlugin(ManagedCamelContext.class)
                .getManagedRoute("social-apply-events");
        long before = applied.getExchangesTotal();
        try (AutoCloseable stopped = Routes.stop(camel, "social-apply")) {
            accounts.forEach(account -> account.follows(bob).isOk());
        }
        await().untilAsserted(() -> assertThat(counts(bob)).containsExactly(5L, 0L));
        assertThat(applied.getExchangesTotal() - before).isBetween(1L, 4L);
    }

    @Test
    void anEventThatSaysTooLittleIsParked() {
        broker.takeAll("social.events.dlq");
        broker.publish("social.events", "social.follow", "{\"action\":\"follow\"}");
        assertThat(broker.take("social.events.dlq")).isNotNull();
    }

    @Test
    void theCountIsTrueThoughTheListEndsAtTwoHundred() {
        Account bob = feed.someone();
        database.batchUpdate(
                "INSERT INTO accounts (username) VALUES (?)",
                LongStream.range(0, 205)
                        .mapToObj(i -> new Object[] {bob.name() + "-" + i})
                        .toList());
        database.update("""
                INSERT INTO social_states (vlogger_id, follower_id, following, changed_at)
                SELECT ?, id, 1, '2026-01-01' + INTERVAL id SECOND FROM accounts WHERE username LIKE ?""", bob.id(), bob.name() + "-%");
        JsonNode answer = bob.post("/social/getAllFollowers", "{}").isOk().json();
        assertThat(answer.get("followers")).hasSize(200);
        assertThat(answer.at("/followers/0/username").asText()).isEqualTo(bob.name() + "-204");
        assertThat(answer.get("follower_count").asLong()).isEqualTo(205);
        assertThat(counts(bob)).containsExactly(205L, 0L);
    }

    @Test
    void withTheBrokerDownFollowsAreAppliedDirectly() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        FeedServices.get().broker().down();
        alice.follows(bob).isOk();
        assertThat(state(alice, bob)).containsExactly(1);
        alice.unfollows(bob).isOk();
        assertThat(state(alice, bob)).containsExactly(0);
    }

    @Test
    void aFollowWhoseConfirmIsLostIsAnsweredWellAndDoesNotComeBack() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        String copy = broker.copyOf("social.events");
        await().until(() -> {
            feed.someone().follows(bob).isOk();
            return !broker.takeAll(copy).isEmpty();
        });
        FeedServices.get().broker().answersWithheld();
        alice.follows(bob).isOk();
        alice.unfollows(bob).isOk();
        FeedServices.get().broker().down();
        FeedServices.get().broker().up();
        await().untilAsserted(() -> assertThat(broker.takeAll(copy)).isNotEmpty());
        Account last = feed.someone();
        broker.publish("social.events", "social.follow", event("follow", last, bob, "2026-01-01T00:00:01Z"));
        await().untilAsserted(() -> assertThat(state(last, bob)).containsExactly(1));
        assertThat(state(alice, bob)).containsExactly(0);
    }

    @Test
    void aFollowThatCanBeNeitherSentNorAppliedIsRefusedAndCanBeTriedAgain() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        FeedServices.get().broker().down();
        database.execute("ALTER TABLE social_states ADD CONSTRAINT nobody CHECK (vlogger_id <> " + bob.id() + ")");
        try {
            alice.follows(bob).isRefused(500, "internal error");
        } finally {
            database.execute("ALTER TABLE social_states DROP CONSTRAINT nobody");
        }
        alice.follows(bob).isOk();
        assertThat(state(alice, bob)).containsExactly(1);
    }

    @Test
    void statesAgreeAfterManyOperationsAndAfterEveryMessageCameTwiceMoreInAnyOrder() {
        List<Account> accounts = Stream.generate(feed::someone).limit(8).toList();
        String copy = broker.copyOf("social.events");
        Random random = new Random(1);
        boolean[][] follows = new boolean[accounts.size()][accounts.size()];
        int operations = 200;
        for (int i = 0; i < operations; i++) {
            int follower = random.nextInt(accounts.size());
            int vlogger = (follower + 1 + random.nextInt(accounts.size() - 1)) % accounts.size();
            Account alice = accounts.get(follower);
            Account bob = accounts.get(vlogger);
            (follows[follower][vlogger] ? alice.unfollows(bob) : alice.follows(bob)).isOk();
            follows[follower][vlogger] = !follows[follower][vlogger];
        }
        await().untilAsserted(() -> assertAllAgree(accounts, follows));

        List<Message> again = new ArrayList<>();
        for (Message message : broker.takeAll(copy)) {
            again.add(message);
            again.add(message);
        }
        assertThat(again).hasSize(2 * operations);
        Collections.shuffle(again, random);
        again.forEach(broker::publish);
        Account last = feed.someone();
        last.follows(accounts.get(0)).isOk();
        await().untilAsserted(() -> assertThat(state(last, accounts.get(0))).containsExactly(1));
        last.unfollows(accounts.get(0)).isOk();
        await().untilAsserted(() -> assertAllAgree(accounts, follows));
    }

    private void assertAllAgree(List<Account> accounts, boolean[][] follows) {
        for (int i = 0; i < accounts.size(); i++) {
            int vlogger = i;
            assertThat(followers(accounts.get(i), Map.of()))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, accounts.size())
                            .filter(follower -> follows[follower][vlogger])
                            .mapToObj(follower -> accounts.get(follower).id())
                            .toList());
        }
    }

    private List<Long> followers(Account reader, Map<String, ?> request) {
        JsonNode answer = reader.post("/social/getAllFollowers", request).isOk().json();
        List<Long> ids = new ArrayList<>();
        answer.get("followers").forEach(follower -> ids.add(follower.get("id").asLong()));
        assertThat(answer.get("follower_count").asLong()).isEqualTo(ids.size());
        return ids;
    }

    private static List<Long> vloggers(Account reader, Map<String, ?> request) {
        JsonNode answer = reader.post("/social/getAllVloggers", request).isOk().json();
        List<Long> ids = new ArrayList<>();
        answer.get("vloggers").forEach(vlogger -> ids.add(vlogger.get("id").asLong()));
        assertThat(answer.get("vlogger_count").asLong()).isEqualTo(ids.size());
        return ids;
    }

    private static List<Long> counts(Account account) {
        JsonNode counts = account.post("/social/getCounts", "{}").isOk().json();
        return List.of(
                counts.get("follower_count").asLong(),
                counts.get("vlogger_count").asLong());
    }

    private List<Integer> state(Account follower, Account vlogger) {
        return database.queryForList(
                "SELECT following FROM social_states WHERE follower_id = ? AND vlogger_id = ?",
                Integer.class,
                follower.id(),
                vlogger.id());
    }

    private static String event(String action, Account follower, Account vlogger, String occurredAt) {
        return """
                {"event_id":"%s","action":"%s","follower_id":%d,"vlogger_id":%d,"occurred_at":"%s"}""".formatted(UUID.randomUUID(), action, follower.id(), vlogger.id(), occurredAt);
    }

    private static String golden(String name) {
        try {
            return Files.readString(Path.of("src/test/resources/events", name));
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private List<String> fieldsOf(String golden) {
        List<String> names = new ArrayList<>();
        broker.read(golden(golden)).fieldNames().forEachRemaining(names::add);
        return names;
    }
}
