package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.feedroutes.notification.NotificationStreams;
import io.feedroutes.support.Account;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.NotificationStream;
import io.feedroutes.support.Video;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What an account is told of what others do. */
@FeedTest
class NotificationIT {

    /** Readers are looked after every 15 seconds. */
    private static final Duration A_KEEP_ALIVE = Duration.ofSeconds(20);

    private static final int LESS_THAN_A_KEEP_ALIVE_MILLIS = 10_000;
    /** A JVM without virtual threads has a pool of eight for it, unless told otherwise. */
    private static final int MORE_THAN_ARE_WRITTEN_TO_AT_ONCE = 10;

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    StringRedisTemplate redis;

    @Autowired
    JdbcTemplate database;

    @Autowired
    ObjectMapper json;

    @Value("${feed.jwt-secret}")
    String secret;

    @Value("${local.server.port}")
    int port;

    private Account alice;
    private Account bob;
    private Video video;

    @BeforeEach
    void aliceHasAVideo() {
        alice = feed.someone();
        bob = feed.someone();
        video = alice.publishes("a title");
    }

    @Test
    void aLikeIsNotifiedToTheAuthorOfTheVideo() {
        bob.likes(video).isOk();
        JsonNode notification = theOnly("like");
        assertThat(notification.get("recipient_id").asLong()).isEqualTo(alice.id());
        assertThat(notification.get("sender_id").asLong()).isEqualTo(bob.id());
        assertThat(notification.get("target_id").asLong()).isEqualTo(video.id());
        assertThat(notification.get("content").asText()).isEqualTo("点赞了你的视频");
        assertThat(notification.get("is_read").isBoolean()).isTrue();
        assertThat(notification.get("is_read").asBoolean()).isFalse();
        assertThat(Instant.parse(notification.get("created_at").asText()))
                .isCloseTo(Instant.now(), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void aCommentIsNotifiedToTheAuthorOfTheVideo() {
        comment(bob, "nice");
        JsonNode notification = theOnly("comment");
        assertThat(notification.get("sender_id").asLong()).isEqualTo(bob.id());
        assertThat(notification.get("target_id").asLong()).isEqualTo(video.id());
        assertThat(notification.get("content").asText()).isEqualTo("评论了你的视频");
    }

    @Test
    void aFollowIsNotifiedToTheFollowed() {
        broker.publish("social.events", "social.follow", follow(bob.id(), alice.id()));
        JsonNode notification = theOnly("follow");
        assertThat(notification.get("sender_id").asLong()).isEqualTo(bob.id());
        assertThat(notification.get("target_id").asLong()).isEqualTo(bob.id());
        assertThat(notification.get("content").asText()).isEqualTo("关注了你");
    }

    @Test
    void whoeverIsMentionedIsNotifiedOnce() {
        Account carol = feed.someone();
        comment(bob, "@%s, look! @%s".formatted(carol.name(), carol.name()));
        JsonNode notification = theOnly(carol, "mention");
        assertThat(notification.get("sender_id").asLong()).isEqualTo(bob.id());
        assertThat(notification.get("target_id").asLong()).isEqualTo(video.id());
        assertThat(notification.get("content").asText()).isEqualTo(bob.name() + " 在评论中提到了你");
        assertThat(Instant.parse(notification.get("created_at").asText()))
                .isCloseTo(Instant.now(), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void aNameMayBeOfAnyScript() {
        Account chihiro = someone("千尋Ñandú" + System.nanoTime());
        comment(bob, "你好，@" + chihiro.name() + "！");
        theOnly(chihiro, "mention");
    }

    @Test
    void ofTwoNamesThatAMentionMayMeanTheLongerIsMeant() {
        Account john = someone("john" + System.nanoTime());
        Account johnPaul = someone(john.name() + "-paul");
        comment(bob, "@" + johnPaul.name());
        comment(bob, "@" + john.name() + "-ringo");
        theOnly(johnPaul, "mention");
        theOnly(john, "mention");
    }

    @Test
    void nobodyIsNotifiedOfWhatTheyDoThemselves() {
        alice.likes(video).isOk();
        comment(alice, "@" + alice.name());
        broker.publish("social.events", "social.follow", follow(alice.id(), alice.id()));
        bob.likes(video).isOk();
        comment(bob, "first");
        broker.publish("social.events", "social.follow", follow(bob.id(), alice.id()));
        await().untilAsserted(() -> assertThat(list(alice)).hasSize(3));
        assertThat(list(alice))
                .allSatisfy(one -> assertThat(one.get("sender_id").asLong()).isEqualTo(bob.id()));
    }

    @Test
    void anEventThatIsDeliveredAgainIsNotifiedOnce() {
        try (NotificationStream stream = NotificationStream.of(alice)) {
            String like = like(bob.id(), video.id());
            IntStream.range(0, 3).forEach(i -> broker.publish("like.events", "like.like", like));
            await().untilAsserted(() -> assertThat(list(alice)).hasSize(1));
            broker.publish("like.events", "like.like", like);
            Account carol = feed.someone();
            broker.publish("like.events", "like.like", like(carol.id(), video.id()));
            await().untilAsserted(() -> assertThat(senders(stream, "like")).containsExactly(bob.id(), carol.id()));
            assertThat(list(alice, "like")).hasSize(2);
        }
    }

    @Test
    void anEventOfSomethingMissingIsSkippedAndHarmsNoOther() {
        long nobody = Long.MAX_VALUE;
        broker.publish("like.events", "like.like", like(nobody, video.id()));
        broker.publish("like.events", "like.like", like(bob.id(), nobody));
        broker.publish("comment.events", "comment.publish", comment(bob.id(), nobody, "@" + alice.name()));
        broker.publish("social.events", "social.follow", follow(nobody, alice.id()));
        bob.likes(video).isOk();
        comment(bob, "nice");
        broker.publish("social.events", "social.follow", follow(bob.id(), alice.id()));
        await().untilAsserted(() -> assertThat(list(alice)).hasSize(3));
    }

    @Test
    void withTheBrokerDownALikeIsNotifiedAllTheSame() {
        try (NotificationStream stream = NotificationStream.of(alice)) {
            FeedServices.get().broker().down();
            bob.likes(video).isOk();
            assertThat(list(alice, "like")).hasSize(1);
            FeedServices.get().broker().up();
            await().atMost(A_KEEP_ALIVE)
                    .untilAsserted(() -> assertThat(senders(stream, "like")).containsExactly(bob.id()));
        }
    }

    @Test
    void withTheBrokerDownACommentAMentionAndAFollowAreNotifiedAllTheSame() {
        FeedServices.get().broker().down();
        bob.comments(video, "nice, @" + alice.name()).isOk();
        bob.follows(alice).isOk();
        assertThat(list(alice, "comment")).hasSize(1);
        assertThat(list(alice, "mention")).hasSize(1);
        assertThat(list(alice, "follow")).hasSize(1);
    }

    @Test
    void theNewestComesFirstInTheList() {
        bob.likes(video).isOk();
        theOnly("like");
        comment(bob, "nice");
        await().untilAsserted(() -> assertThat(list(alice))
                .extracting(one -> one.get("type").asText())
                .containsExactly("comment", "like"));
    }

    @Test
    void oneNotificationIsReadOrAll() {
        comment(bob, "one");
        comment(bob, "two");
        comment(bob, "three");
        await().untilAsserted(() -> assertThat(unread(alice)).isEqualTo(3));
        Map<String, Object> first = Map.of("id", list(alice).get(0).get("id").asLong());
        bob.post("/notification/markRead", first).isOk();
        assertThat(unread(alice)).isEqualTo(3);
        assertThat(alice.post("/notification/markRead", first).isOk().text()).isEqualTo("{\"message\":\"ok\"}");
        assertThat(unread(alice)).isEqualTo(2);
        assertThat(list(alice))
                .extracting(one -> one.get("is_read").asBoolean())
                .containsExactly(true, false, false);
        alice.post("/notification/markRead", "").isOk();
        assertThat(unread(alice)).isZero();
    }

    @Test
    void oneNotificationIsReadWhateverTheClientCallsItsBody() {
        comment(bob, "one");
        comment(bob, "two");
        await().untilAsserted(() -> assertThat(unread(alice)).isEqualTo(2));
        alice.post(
                        "/notification/markRead",
                        "{\"id\":%d}".formatted(list(alice).get(0).get("id").asLong()),
                        Map.of("Content-Type", "application/x-www-form-urlencoded"))
                .isOk();
        assertThat(unread(alice)).isEqualTo(1);
    }

    @Test
    void whatIsNoIdCannotBeMarkedAsRead() {
        alice.post("/notification/markRead", "{\"id\":\"1\"}").isRefused(400, "id");
        alice.post("/notification/markRead", "{").isRefused(400, "");
    }

    @Test
    void withoutATokenThereIsNothingToRead() {
        feed.post("/notification/list", "").isRefused(401, "missing authorization header");
        assertThat(NotificationStream.open(feed, "", Map.of()).status()).isEqualTo(401);
        assertThat(NotificationStream.open(feed, "?token=nonsense", Map.of()).status())
                .isEqualTo(401);
    }

    @Test
    void aStreamIsOpenAtOnceAlsoWithTheTokenInTheAddress() {
        try (NotificationStream stream = NotificationStream.open(feed, "?token=" + alice.token(), Map.of())) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            assertThat(stream.header("Cache-Control")).contains("no-cache");
            bob.likes(video).isOk();
            await().untilAsserted(() -> assertThat(senders(stream, "like")).containsExactly(bob.id()));
        }
    }

    @Test
    void theTokenInTheAddressCountsForNotificationsOnly() {
        feed.post("/like/listMyLikedVideos?token=" + alice.token(), "{}").isRefused(401, "missing");
    }

    @Test
    void anEventOfAStreamIsTheNotificationWithItsId() {
        try (NotificationStream stream = NotificationStream.of(alice)) {
            bob.likes(video).isOk();
            await().untilAsserted(() -> assertThat(stream.events()).isNotEmpty());
            NotificationStream.Event event = stream.events().get(0);
            assertThat(event.notification()).isEqualTo(list(alice, "like").get(0));
            assertThat(event.id()).isEqualTo(event.notification().get("id").asLong());
        }
    }

    @Test
    void whatWasMissedIsReplayedOnceAndInOrder() {
        comment(bob, "one");
        long seen = theOnly("comment").get("id").asLong();
        IntStream.range(0, 5).forEach(i -> comment(bob, "more"));
        await().untilAsserted(() -> assertThat(list(alice)).hasSize(6));
        try (NotificationStream stream = NotificationStream.of(alice, seen)) {
            comment(bob, "live");
            await().untilAsserted(() -> assertThat(stream.events()).hasSize(6));
            assertThat(stream.events())
                    .extracting(NotificationStream.Event::id)
                    .isSorted()
                    .doesNotContain(seen);
        }
    }

    @Test
    void moreThanIsReplayedAtOnceComesLater() {
        IntStream.range(0, 300).forEach(i -> comment(bob, "again"));
        await().untilAsserted(() -> assertThat(unread(alice)).isEqualTo(300));
        try (NotificationStream stream = NotificationStream.of(alice, 0)) {
            await().untilAsserted(() -> assertThat(stream.events()).hasSize(200));
            await().atMost(A_KEEP_ALIVE)
                    .untilAsserted(() -> assertThat(stream.events()).hasSize(300));
        }
    }

    @Test
    void aStreamWithoutALastEventBeginsNow() {
        comment(bob, "before");
        theOnly("comment");
        try (NotificationStream stream = NotificationStream.of(alice)) {
            bob.likes(video).isOk();
            await().untilAsserted(() -> assertThat(senders(stream, "like")).hasSize(1));
            assertThat(stream.events()).hasSize(1);
        }
    }

    @Test
    void aTokenThatWasLoggedOutIsRefused() {
        alice.post("/account/logout", "").isOk();
        assertThat(NotificationStream.of(alice).status()).isEqualTo(401);
        alice.post("/notification/list", "").isRefused(401, "token has been revoked");
    }

    @Test
    void aStreamIsKeptAliveUntilItsSessionEnds() {
        try (NotificationStream alices = NotificationStream.of(alice);
                NotificationStream bobs = NotificationStream.of(bob)) {
            bob.post("/account/logout", "").isOk();
            await().atMost(A_KEEP_ALIVE).until(bobs::ended);
            await().untilAsserted(() -> assertThat(alices.lines()).contains(": keepalive"));
            assertThat(alices.ended()).isFalse();
        }
    }

    @Test
    void ofManyStreamsOfOneAccountTheOldestEnd() {
        List<NotificationStream> streams = new ArrayList<>();
        try (NotificationStream bobs = NotificationStream.of(bob)) {
            while (streams.size() < 14) {
                streams.add(NotificationStream.of(alice));
            }
            await().until(() -> streams.get(0).ended() && streams.get(1).ended());
            bob.likes(video).isOk();
            await().untilAsserted(() -> assertThat(streams.subList(2, 14))
                    .allSatisfy(stream -> assertThat(senders(stream, "like")).containsExactly(bob.id())));
            assertThat(bobs.ended()).isFalse();
        } finally {
            streams.forEach(NotificationStream::close);
        }
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        Instant end = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
        try (NotificationStream stream =
                NotificationStream.open(feed, "?token=" + ending(alice.token(), end), Map.of())) {
            assertThat(stream.status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(8)).until(stream::ended);
            assertThat(stream.lines()).contains(": connected");
            assertThat(Instant.now()).isAfter(end);
        }
    }

    @Test
    void readersWhoDoNotReadHoldUpNobodyAndGoOnLater() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (NotificationStream fast = NotificationStream.of(alice)) {
            while (slow.size() < MORE_THAN_ARE_WRITTEN_TO_AT_ONCE) {
                slow.add(slowReader());
            }
            List<Long> all = new ArrayList<>();
            while (all.size() < 8_000) {
                all.addAll(longNotifications(200));
                await().untilAsserted(() -> assertThat(fast.ids()).isEqualTo(all));
            }
            InputStream slowly = slow.get(0).getInputStream();
            List<Long> read = NotificationStream.ids(
                    new BufferedReader(new InputStreamReader(slowly, StandardCharsets.UTF_8)).lines());
            // The connection may end in the middle of the last one.
            List<Long> seen = read.subList(0, read.size() - 1);
            assertThat(seen).hasSizeLessThan(all.size()).isEqualTo(all.subList(0, seen.size()));
            try (NotificationStream back = NotificationStream.of(alice, seen.get(seen.size() - 1))) {
                await().untilAsserted(
                                () -> assertThat(back.ids()).isEqualTo(all.subList(seen.size(), seen.size() + 200)));
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void anEventBeginsWithItsIdAndEndsWithAnEmptyLine() {
        try (NotificationStream stream = NotificationStream.of(alice)) {
            bob.likes(video).isOk();
            await().untilAsserted(() -> assertThat(stream.events()).hasSize(1));
            String begin = ": connected\n\nid: %1$d\ndata: {\"id\":%1$d,\"recipient_id\":%2$d,"
                    .formatted(theOnly("like").get("id").asLong(), alice.id());
            await().untilAsserted(() -> assertThat(
                            (String.join("\n", stream.lines()) + "\n").replace(": keepalive\n\n", ""))
                    .startsWith(begin)
                    .endsWith("}\n\n"));
        }
    }

    @Test
    void aLowerIdThatShowsUpAfterAHigherOneIsNotMissed(
            @Autowired NotificationStreams streams, @Autowired ProducerTemplate routes) throws Exception {
        try (NotificationStream stream = NotificationStream.of(alice);
                Connection late = database.getDataSource().getConnection()) {
            late.setAutoCommit(false);
            JdbcTemplate uncommitted = new JdbcTemplate(new SingleConnectionDataSource(late, true));
            long lower = store(uncommitted, "late");
            long higher = store(database, "in time");
            look(streams, routes);
            late.commit();
            look(streams, routes);
            look(streams, routes);
            long last = longNotifications(1).get(0);
            await().untilAsserted(() -> assertThat(stream.ids()).contains(last));
            assertThat(stream.ids()).containsExactly(higher, lower, last);
        }
    }

    @Test
    void ofManyNotificationsOnlyWhatWasMissedIsSentLater(
            @Autowired NotificationStreams streams, @Autowired ProducerTemplate routes) {
        try (NotificationStream stream = NotificationStream.of(alice)) {
            List<Long> all = new ArrayList<>();
            for (int block = 0; block < 3; block++) {
                all.add(store(database, "untold"));
                all.addAll(longNotifications(150));
            }
            look(streams, routes);
            look(streams, routes);
            look(streams, routes);
            all.addAll(longNotifications(1));
            // A reader who is still behind is told with the next sign of life.
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(stream.ids()).containsExactlyInAnyOrderElementsOf(all));
        }
    }

    @Test
    void likesWithinAWindowAlsoMakeOneDigest() {
        List<Account> likers = List.of(bob, feed.someone(), feed.someone());
        try (NotificationStream stream = NotificationStream.of(alice)) {
            likers.forEach(liker -> liker.likes(video).isOk());
            JsonNode digest = theOnly("digest");
            assertThat(digest.get("content").asText()).isEqualTo(bob.name() + " 和另外 2 人点赞了你的视频");
            assertThat(digest.get("sender_id").asLong()).isEqualTo(bob.id());
            assertThat(digest.get("target_id").asLong()).isEqualTo(video.id());
            await().untilAsserted(() -> assertThat(senders(stream, "digest")).containsExactly(bob.id()));
            assertThat(list(alice, "like")).hasSize(3);
        }
    }

    @Test
    void oneLikeAloneMakesNoDigest() {
        Account carol = feed.someone();
        Video other = carol.publishes("another title");
        bob.likes(video).isOk();
        await().untilAsserted(() -> assertThat(list(alice, "like")).hasSize(1));
        bob.likes(other).isOk();
        alice.likes(other).isOk();
        theOnly(carol, "digest");
        assertThat(list(alice, "digest")).isEmpty();
    }

    @Test
    void likesThatAreDeliveredAgainAfterTheirDigestMakeNoOther() {
        List<String> likes =
                List.of(like(bob.id(), video.id()), like(feed.someone().id(), video.id()));
        likes.forEach(like -> broker.publish("like.events", "like.like", like));
        theOnly("digest");
        broker.publish("like.events", "like.like", likes.get(1));
        Account carol = feed.someone();
        Video other = carol.publishes("another title");
        await().untilAsserted(() -> {
            feed.someone().likes(other).isOk();
            assertThat(list(carol, "digest")).isNotEmpty();
        });
        theOnly("digest");
    }

    @Test
    void aLikeThatComesLateIsInTheDigestOfTheLaterOne() {
        Instant now = Instant.now();
        broker.publish("like.events", "like.like", like(bob.id(), video.id(), now));
        await().until(() -> redis.opsForHash().size("{digest}:windows") > 0);
        Account carol = feed.someone();
        broker.publish("like.events", "like.like", like(carol.id(), video.id(), now.minusMillis(500)));
        theOnly("digest");
    }

    @Test
    void anOpenWindowSurvivesARestartOfItsRoute(@Autowired CamelContext camel) throws Exception {
        List<Account> likers = List.of(bob, feed.someone());
        likers.forEach(liker -> liker.likes(video).isOk());
        await().until(() -> redis.opsForHash().size("{digest}:windows") > 0);
        camel.getRouteController().stopRoute("notification-digest-apply-events");
        assertThat(list(alice, "digest")).isEmpty();
        camel.getRouteController().startRoute("notification-digest-apply-events");
        theOnly("digest");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void withTheDatabaseDownTheDigestWaitsAndFillsNoLog(CapturedOutput log) {
        List<Account> likers = List.of(bob, feed.someone());
        likers.forEach(liker -> liker.likes(video).isOk());
        await().until(() -> redis.opsForHash().size("{digest}:windows") > 0);
        FeedServices.get().database().down();
        await().atMost(Duration.ofSeconds(20))
                .during(Duration.ofSeconds(10))
                .until(() -> redis.opsForHash().size("{digest}:closed") > 0);
        FeedServices.get().database().up();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(list(alice, "digest")).hasSize(1));
        assertThat(log).doesNotContain("aggregated exchange");
    }

    @Test
    void withRedisDownTheDigestWaitsAndNothingElse() {
        broker.takeAll("notification.digest.dlq");
        List<Account> likers = List.of(bob, feed.someone());
        FeedServices.get().redis().down();
        likers.forEach(liker -> liker.likes(video).isOk());
        await().untilAsserted(() -> assertThat(list(alice, "like")).hasSize(2));
        await().during(Duration.ofSeconds(5)).until(() -> broker.take("notification.digest.dlq") == null);
        FeedServices.get().redis().up();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(list(alice, "digest")).hasSize(1));
    }

    private Account someone(String name) {
        Map<String, String> credentials = Map.of("username", name, "password", "a password");
        feed.post("/account/register", credentials).isOk();
        JsonNode login = feed.post("/account/login", credentials).isOk().json();
        return new Account(
                feed,
                login.get("account_id").asLong(),
                name,
                "a password",
                login.get("token").asText());
    }

    private JsonNode theOnly(String type) {
        return theOnly(alice, type);
    }

    private static JsonNode theOnly(Account account, String type) {
        await().untilAsserted(() -> assertThat(list(account, type)).hasSize(1));
        return list(account, type).get(0);
    }

    private static List<JsonNode> list(Account account) {
        JsonNode answer = account.post("/notification/list", "").isOk().json();
        return StreamSupport.stream(answer.get("notifications").spliterator(), false)
                .toList();
    }

    private static List<JsonNode> list(Account account, String type) {
        return list(account).stream()
                .filter(one -> one.get("type").asText().equals(type))
                .toList();
    }

    private static long unread(Account account) {
        return account.post("/notification/unreadCount", "")
                .isOk()
                .json()
                .get("count")
                .asLong();
    }

    /** The token of an account, as if it had been handed out nearly as long ago as it lasts. */
    private String ending(String token, Instant end) throws Exception {
        SignedJWT ending = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder(SignedJWT.parse(token).getJWTClaimsSet())
                        .expirationTime(Date.from(end))
                        .build());
        ending.sign(new MACSigner(secret));
        return ending.serialize();
    }

    private Socket slowReader() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(LESS_THAN_A_KEEP_ALIVE_MILLIS);
        socket.connect(new InetSocketAddress("localhost", port));
        socket.getOutputStream()
                .write("GET /notification/stream?token=%s HTTP/1.0\r\n\r\n"
                        .formatted(alice.token())
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .endsWith("200");
        return socket;
    }

    /** Looks for what readers have missed, as the keep-alive does. */
    private static void look(NotificationStreams streams, ProducerTemplate routes) {
        routes.sendBody("direct:notification-catch-up", streams.keepAlive());
    }

    /** Stores notifications for alice, and tells of them; many soon fill what lies between the application and a reader who does not read. */
    private List<Long> longNotifications(int count) {
        List<Map<String, Object>> notifications = Stream.generate(() -> store(database, "长".repeat(255)))
                .limit(count)
                .map(id -> database.queryForMap("SELECT * FROM notifications WHERE id = ?", id))
                .toList();
        broker.publish(
                "notification.live",
                "",
                json.valueToTree(Map.of("notifications", notifications)).toString());
        return notifications.stream()
                .map(notification -> ((Number) notification.get("id")).longValue())
                .toList();
    }

    private long store(JdbcTemplate database, String content) {
        String event = eventId();
        database.update("""
                INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, content, created_at)
                VALUES (?, ?, ?, 'follow', ?, ?, UTC_TIMESTAMP(3))""", event, alice.id(), bob.id(), bob.id(), content);
        return database.queryForObject("SELECT id FROM notifications WHERE event_id = ?", Long.class, event);
    }

    private static List<Long> senders(NotificationStream stream, String type) {
        return stream.events().stream()
                .map(NotificationStream.Event::notification)
                .filter(one -> one.get("type").asText().equals(type))
                .map(one -> one.get("sender_id").asLong())
                .toList();
    }

    private void comment(Account author, String content) {
        broker.publish("comment.events", "comment.publish", comment(author.id(), video.id(), content));
    }

    private static String comment(long author, long video, String content) {
        return """
                {"event_id":"%s","action":"publish","username":"-","video_id":%d,"author_id":%d,"content":"%s","occurred_at":"%s"}""".formatted(eventId(), video, author, content, Instant.now());
    }

    private static String like(long account, long video) {
        return like(account, video, Instant.now());
    }

    private static String like(long account, long video, Instant occurredAt) {
        return """
                {"event_id":"%s","action":"like","user_id":%d,"video_id":%d,"occurred_at":"%s"}""".formatted(eventId(), account, video, occurredAt);
    }

    private static String follow(long follower, long vlogger) {
        return """
                {"event_id":"%s","action":"follow","follower_id":%d,"vlogger_id":%d,"occurred_at":"%s"}""".formatted(eventId(), follower, vlogger, Instant.now());
    }

    private static String eventId() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
