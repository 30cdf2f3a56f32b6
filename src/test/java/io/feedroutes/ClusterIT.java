package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.feedroutes.support.Account;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Nodes;
import io.feedroutes.support.NotificationStream;
import io.feedroutes.support.RabbitCluster;
import io.feedroutes.support.RealBrokerOnly;
import io.feedroutes.support.Video;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Two nodes that answer requests and two workers, on a RabbitMQ cluster of three nodes: what is there after the broker node that led the queue of likes was
 * killed under load.
 */
@FeedTest
@RealBrokerOnly("cluster")
@Tag("cluster")
@TestInstance(Lifecycle.PER_CLASS)
class ClusterIT {

    private static final int LIKERS = 10;
    private static final int VIDEOS = 100;
    private static final int LIKES_BEFORE_THE_KILL = 300;

    @Autowired
    Feed feed;

    @Autowired
    Nodes nodes;

    private RabbitCluster cluster;
    private List<ConfigurableApplicationContext> apis;
    private Account author;
    private Account reader;
    private List<Video> videos;
    private NotificationStream stream;
    private List<Integer> answers;

    @BeforeAll
    void killTheLeaderUnderLoad() throws Exception {
        assumeTrue(RabbitCluster.installed(), "RabbitMQ's package is not installed");
        cluster = RabbitCluster.start();
        apis = Stream.generate(() -> start("api")).limit(2).toList();
        Stream.generate(() -> start("worker")).limit(2).toList();
        author = feed.someone().at(at(0));
        videos =
                Stream.generate(() -> author.publishes("a title")).limit(VIDEOS).toList();
        List<Account> likers = Stream.generate(feed::someone).limit(LIKERS).toList();
        reader = feed.someone().at(at(0));
        stream = NotificationStream.of(reader);
        String leader = cluster.leaderOf("like.events");
        AtomicInteger answered = new AtomicInteger();
        CompletableFuture<List<List<Integer>>> likes = CompletableFuture.supplyAsync(() -> AtOnce.times(LIKERS, i -> {
            Account liker = likers.get(i).at(at(i % 2));
            return videos.stream()
                    .map(video -> liker.likes(video).status())
                    .peek(status -> answered.incrementAndGet())
                    .toList();
        }));
        await().until(() -> answered.get() > LIKES_BEFORE_THE_KILL);
        cluster.kill(leader);
        answers = likes.join().stream().flatMap(List::stream).toList();
    }

    @AfterAll
    void stop() {
        try (RabbitCluster last = cluster) {
            nodes.stopAll();
        }
    }

    @Test
    void everyLikeWasAccepted() {
        assertThat(answers).hasSize(LIKERS * VIDEOS).containsOnly(200);
    }

    @Test
    void noLikeIsMissingAndNoneCountsTwice() {
        await().untilAsserted(() -> assertThat(videos).extracting(Video::totals).containsOnly(Video.totalsOf(LIKERS)));
    }

    @Test
    void bothNodesSendLikesThroughTheBrokerAgainAndAWorkerAppliesThem() {
        Broker broker = Broker.of(apis.get(0));
        String sent = broker.copyOf("like.events");
        for (int node = 0; node < 2; node++) {
            Account alice = feed.someone().at(at(node));
            await().untilAsserted(() -> {
                Video video = author.publishes("a title");
                alice.likes(video).isOk();
                assertThat(broker.body(broker.take(sent)).get("video_id").asLong())
                        .isEqualTo(video.id());
                await().untilAsserted(() -> assertThat(video.totals()).isEqualTo(Video.totalsOf(1)));
            });
        }
    }

    /** It is no row of the database, from which a reader gets what was not told. */
    @Test
    void aReaderWhoIsConnectedIsToldAgain() {
        Broker broker = Broker.of(apis.get(1));
        String told = """
                {"notifications":[{"id":%d,"recipient_id":%d,"type":"comment","target_id":1}]}""".formatted(Long.MAX_VALUE, reader.id());
        await().untilAsserted(() -> {
            broker.publish("notification.live", "", told);
            assertThat(stream.ids()).contains(Long.MAX_VALUE);
        });
    }

    private ConfigurableApplicationContext start(String role) {
        return nodes.start(
                "feed.role=" + role,
                "spring.rabbitmq.addresses=" + cluster.addresses(),
                "spring.rabbitmq.virtual-host=/",
                "spring.rabbitmq.username=guest",
                "spring.rabbitmq.password=guest");
    }

    private Feed at(int api) {
        return feed.at(apis.get(api).getEnvironment());
    }
}
