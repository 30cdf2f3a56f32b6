package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.NotificationStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** What two accounts write to each other. */
@FeedTest
class MessageIT {

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    JdbcTemplate database;

    private Account alice;
    private Account bob;

    @BeforeEach
    void aliceAndBob() {
        alice = feed.someone();
        bob = feed.someone();
    }

    @Test
    void theAnswerIsTheMessageAsItIsStored() {
        JsonNode message = alice.writes(bob, "Have some wine.").isOk().json();
        assertThat(message.fieldNames())
                .toIterable()
                .containsExactly("id", "from_id", "to_id", "content", "is_read", "created_at");
        assertThat(message.get("from_id").asLong()).isEqualTo(alice.id());
        assertThat(message.get("to_id").asLong()).isEqualTo(bob.id());
        assertThat(message.get("content").asText()).isEqualTo("Have some wine.");
        assertThat(message.get("is_read").isBoolean()).isTrue();
        assertThat(Instant.parse(message.get("created_at").asText()))
                .isCloseTo(Instant.now(), within(10, ChronoUnit.SECONDS));
        assertThat(messages(alice, bob)).containsExactly(message);
    }

    @Test
    void bothReadTheSameMessagesNewestFirstAndNobodyElseDoes() {
        alice.writes(bob, "one").isOk();
        bob.writes(alice, "two").isOk();
        alice.writes(bob, "three").isOk();
        Account carol = feed.someone();
        carol.writes(alice, "another").isOk();
        assertThat(contents(messages(alice, bob))).containsExactly("three", "two", "one");
        assertThat(contents(messages(bob, alice))).containsExactly("three", "two", "one");
        assertThat(messages(carol, bob)).isEmpty();
    }

    @Test
    void everyMessageCanBeReadOnceInPages() {
        List<Object[]> rows = IntStream.range(0, 120)
                .mapToObj(i ->
                        i % 2 == 0 ? new Object[] {alice.id(), bob.id(), i} : new Object[] {bob.id(), alice.id(), i})
                .toList();
        database.batchUpdate(
                "INSERT INTO messages (from_id, to_id, content, created_at) VALUES (?, ?, ?, UTC_TIMESTAMP(3))", rows);
        List<String> read = new ArrayList<>();
        List<JsonNode> page = messages(alice, bob);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(50);
            read.addAll(contents(page));
            page = messages(alice, bob, page.get(page.size() - 1).get("id").asLong());
        }
        assertThat(read)
                .containsExactlyElementsOf(IntStream.range(0, 120)
                        .mapToObj(i -> String.valueOf(119 - i))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'quoted' \"quoted\"", "a, b) ${body} {{feed.role}} :#x", "\\ and \n a line", "茶 🫖 <b>&", "null"
            })
    void aMessageIsStoredAsItWasWritten(String content) {
        assertThat(alice.writes(bob, content).isOk().json().get("content").asText())
                .isEqualTo(content);
    }

    @Test
    void aMessageHasTwoThousandCharactersAtMostWithoutTheWhiteSpaceAroundThem() {
        String longest = "茶" + " ".repeat(1998) + "🫖";
        assertThat(alice.writes(bob, "\n \u3000" + longest + "\u00a0 \t")
                        .isOk()
                        .json()
                        .get("content")
                        .asText())
                .isEqualTo(longest);
        alice.writes(bob, longest + "x").isRefused(400, "content: must be at most 2000 characters long");
        alice.writes(bob, "a" + " ".repeat(16_000) + "b")
                .isRefused(400, "content: must be at most 2000 characters long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"to_id\":1}",
                "{\"content\":\"a\"}",
                "{\"to_id\":0,\"content\":\"a\"}",
                "{\"to_id\":1,\"content\":\"\"}",
                "{\"to_id\":1,\"content\":\" \u3000\"}"
            })
    void aMessageNeedsARecipientAndAContent(String body) {
        alice.post("/message/send", body).isRefused(400, "to_id and content are required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"peer_id\":0}"})
    void aListNeedsTheOtherAccount(String body) {
        alice.post("/message/list", body).isRefused(400, "peer_id is required");
    }

    @Test
    void whoDoesNotExistCannotBeWrittenTo() {
        alice.post("/message/send", Map.of("to_id", Long.MAX_VALUE, "content", "a"))
                .isRefused(404, "account not found");
    }

    @Test
    void whatItsRecipientHasListedIsRead() {
        alice.writes(bob, "one").isOk();
        bob.writes(alice, "two").isOk();
        messages(alice, bob);
        assertThat(messages(alice, bob)).extracting(MessageIT::isRead).containsExactly(true, false);
        messages(bob, alice);
        assertThat(messages(alice, bob)).extracting(MessageIT::isRead).containsExactly(true, true);
    }

    @Test
    void whatIsNewerThanThePageIsNotRead() {
        alice.writes(bob, "one").isOk();
        long newer = alice.writes(bob, "two").isOk().json().get("id").asLong();
        messages(bob, alice, newer);
        assertThat(messages(alice, bob)).extracting(MessageIT::isRead).containsExactly(false, true);
    }

    @Test
    void theMessageOfAStrangerIsFound() {
        Account carol = feed.someone();
        bob.writes(alice, "an old one").isOk();
        alice.writes(carol, "I know you").isOk();
        bob.writes(alice, "one").isOk();
        JsonNode last = bob.writes(alice, "two").isOk().json();
        List<JsonNode> conversations = conversations(alice, 0);
        assertThat(conversations).extracting(one -> one.get("peer_id").asLong()).containsExactly(bob.id(), carol.id());
        assertThat(conversations.get(0).get("username").asText()).isEqualTo(bob.name());
        assertThat(conversations.get(0).get("last_message")).isEqualTo(last);
        assertThat(conversations).extracting(MessageIT::unread).containsExactly(3L, 0L);
        assertThat(conversations(alice, last.get("id").asLong()))
                .extracting(one -> one.get("peer_id").asLong())
                .containsExactly(carol.id());
    }

    @Test
    void whatIsReadIsNotCountedAnyMore() {
        bob.writes(alice, "one").isOk();
        Account carol = feed.someone();
        carol.writes(alice, "two").isOk();
        assertThat(unreadNotifications(alice)).isEqualTo(2);
        messages(alice, bob);
        assertThat(conversations(alice, 0)).extracting(MessageIT::unread).containsExactly(1L, 0L);
        assertThat(unreadNotifications(alice)).isEqualTo(1);
        assertThat(notifications(alice))
                .extracting(one -> one.get("sender_id").asLong())
                .containsExactly(carol.id());
    }

    @Test
    void aMessageToOneselfIsThereOnceAndReadAndNobodyIsTold() {
        alice.writes(alice, "Eat me").isOk();
        assertThat(messages(alice, alice)).extracting(MessageIT::isRead).containsExactly(true);
        assertThat(conversations(alice, 0)).extracting(MessageIT::unread).containsExactly(0L);
        assertThat(notifications(alice)).isEmpty();
    }

    @Test
    void aMessageIsToldToItsRecipientOnce() {
        try (NotificationStream stream = NotificationStream.of(bob);
                NotificationStream others = NotificationStream.of(alice)) {
            List<Long> sent = IntStream.range(0, 3)
                    .mapToObj(i ->
                            alice.writes(bob, "psst").isOk().json().get("id").asLong())
                    .toList();
            await().during(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(stream.events())
                            .extracting(event ->
                                    event.notification().get("target_id").asLong())
                            .containsExactlyElementsOf(sent));
            JsonNode notification = stream.events().get(0).notification();
            assertThat(notification.get("type").asText()).isEqualTo("message");
            assertThat(notification.get("sender_id").asLong()).isEqualTo(alice.id());
            assertThat(notification.get("content").asText()).isEqualTo("给你发了一条私信");
            assertThat(others.events()).isEmpty();
        }
    }

    @Test
    void withTheBrokerDownAMessageIsStoredAndToldWhenItIsBack() {
        String told = broker.copyOf("notification.live");
        FeedServices.get().broker().down();
        long id = alice.writes(bob, "psst").isOk().json().get("id").asLong();
        assertThat(messages(bob, alice)).hasSize(1);
        FeedServices.get().broker().up();
        List<Message> messages = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            messages.addAll(broker.takeAll(told));
            assertThat(messages)
                    .extracting(message -> broker.body(message)
                            .at("/notifications/0/target_id")
                            .asLong())
                    .contains(id);
        });
        await().untilAsserted(() -> assertThat(rows("outbox_msgs WHERE event_id = 'message-%d'".formatted(id)))
                .isZero());
    }

    @Test
    void aMessageIsStoredWithWhatIsToBeSentOfItOrNotAtAll() {
        await().untilAsserted(() -> assertThat(rows("outbox_msgs")).isZero());
        database.execute("ALTER TABLE outbox_msgs ADD CONSTRAINT none CHECK (event_type <> 'message_sent')");
        try {
            alice.writes(bob, "psst").isRefused(500, "internal error");
        } finally {
            database.execute("ALTER TABLE outbox_msgs DROP CONSTRAINT none");
        }
        assertThat(messages(bob, alice)).isEmpty();
        assertThat(notifications(bob)).isEmpty();
    }

    private List<JsonNode> messages(Account reader, Account peer) {
        return messages(reader, peer, 0);
    }

    private static List<JsonNode> messages(Account reader, Account peer, long before) {
        return list(reader, "/message/list", Map.of("peer_id", peer.id(), "before_id", before), "messages");
    }

    private static List<JsonNode> conversations(Account reader, long before) {
        return list(reader, "/message/conversations", Map.of("before_id", before), "conversations");
    }

    private static List<JsonNode> notifications(Account reader) {
        return list(reader, "/notification/list", Map.of(), "notifications");
    }

    private static List<JsonNode> list(Account reader, String path, Map<String, ?> body, String name) {
        List<JsonNode> rows = new ArrayList<>();
        reader.post(path, body).isOk().json().get(name).forEach(rows::add);
        return rows;
    }

    private static List<String> contents(List<JsonNode> messages) {
        return messages.stream().map(message -> message.get("content").asText()).toList();
    }

    private static boolean isRead(JsonNode message) {
        return message.get("is_read").asBoolean();
    }

    private static long unread(JsonNode conversation) {
        return conversation.get("unread_count").asLong();
    }

    private static long unreadNotifications(Account account) {
        return account.post("/notification/unreadCount", "{}")
                .isOk()
                .json()
                .get("count")
                .asLong();
    }

    private long rows(String of) {
        return database.queryForObject("SELECT COUNT(*) FROM " + of, Long.class);
    }
}
