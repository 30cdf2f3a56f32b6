package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Nodes;
import io.feedroutes.support.RedisCluster;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.data.redis.core.StringRedisTemplate;

/** A node whose Redis is a cluster of three servers, each of which runs a script on keys of its own slots only. */
@FeedTest
@Tag("cluster")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisClusterIT {

    @Autowired
    Feed here;

    @Autowired
    CamelContext camelHere;

    @Autowired
    Nodes nodes;

    private final List<AutoCloseable> stopped = new ArrayList<>();
    private RedisCluster cluster;
    private Feed feed;
    private CamelContext camel;
    private StringRedisTemplate redis;

    @BeforeAll
    void startANodeThatConsumesAlone() throws Exception {
        for (Route route : camelHere.getRoutes()) {
            if (route.getEndpoint().getEndpointUri().startsWith("rabbit-batch:")) {
                stopped.add(Routes.stop(camelHere, route.getRouteId()));
            }
        }
        cluster = RedisCluster.start();
        ConfigurableApplicationContext node = nodes.start(
                "spring.data.redis.cluster.nodes=" + cluster.nodes(),
                "spring.profiles.active=patterns",
                "feed.rate-limit.enabled=true",
                "feed.rate-limit.account-register=1000/60",
                "feed.rate-limit.account-login=1000/60",
                "feed.rate-limit.like-write=3/60",
                "feed.hot-score-repair-period=1s",
                "feed.digest-window-seconds=2");
        feed = here.at(node.getEnvironment());
        camel = node.getBean(CamelContext.class);
        redis = node.getBean(StringRedisTemplate.class);
    }

    @AfterAll
    void stopIt() throws Exception {
        try (RedisCluster last = cluster) {
            nodes.stopAll();
        }
        for (AutoCloseable route : stopped) {
            route.close();
        }
    }

    @Test
    void whatWasAcceptedIsJudgedAndListedThoughNothingIsStored() throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        Account bob = feed.someone();
        try (AutoCloseable likes = Routes.stop(camel, "like-apply");
                AutoCloseable follows = Routes.stop(camel, "social-apply")) {
            alice.likes(video).isOk();
            alice.likes(video).isRefused(409, "user has liked this video");
            assertThat(alice.isToldToLike(video)).isTrue();
            assertThat(alice.post("/like/listMyLikedVideos", "{}").isOk().json())
                    .hasSize(1);
            alice.follows(bob).isOk();
            assertThat(alice.post("/social/getAllVloggers", "{}")
                            .isOk()
                            .json()
                            .get("vlogger_count")
                            .asLong())
                    .isEqualTo(1);
        }
    }

    @Test
    void aCommentThatIsNotStoredYetIsListedAndCanBeDeleted() throws Exception {
        Video video = feed.someVideo();
        Account alice = feed.someone();
        try (AutoCloseable comments = Routes.stop(camel, "comment-apply")) {
            Answer comment = alice.comments(video, "No room!").isOk();
            assertThat(video.comments()).hasSize(1);
            alice.deletes(comment.json().get("comment_id").asLong()).isOk();
            assertThat(video.comments()).isEmpty();
        }
    }

    /** The first page of a minute decides what is hot in it. */
    @Test
    void aVideoThatIsLikedIsHot() {
        Video video = feed.someVideo();
        feed.someone().likes(video).isOk();
        await().until(() -> redis.keys("{hot:video}:1m:2*").stream()
                .anyMatch(minute -> redis.opsForZSet().score(minute, Long.toString(video.id())) != null));
        List<Long> hot = new ArrayList<>();
        Map<String, Object> next = Map.of("limit", 50);
        for (JsonNode page = null; page == null || page.get("has_more").asBoolean(); ) {
            page = feed.post("/feed/listByPopularity", next).isOk().json();
            page.get("video_list").forEach(one -> hot.add(one.get("id").asLong()));
            next = Map.of("limit", 50, "as_of", page.get("as_of"), "offset", page.get("next_offset"));
        }
        assertThat(next.get("as_of").toString()).isNotEqualTo("0");
        assertThat(hot).contains(video.id());
    }

    @Test
    void aCachedVideoIsDroppedWhenItIsLiked() {
        Video video = feed.someVideo();
        await().until(() -> {
            video.detail();
            return redis.hasKey("video:detail:id=" + video.id());
        });
        feed.someone().likes(video).isOk();
        await().until(() -> !redis.hasKey("video:detail:id=" + video.id()));
    }

    @Test
    void aNewVideoIsOnTheTimeline() {
        Video video = feed.someVideo();
        await().untilAsserted(() -> assertThat(
                        redis.opsForZSet().score("feed:global_timeline", Long.toString(video.id())))
                .isNotNull());
    }

    @Test
    void theLikesOfAWindowMakeADigest() {
        Account alice = feed.someone();
        List<Video> videos =
                Stream.generate(() -> alice.publishes("a title")).limit(3).toList();
        for (int i = 0; i < 2; i++) {
            Account liker = feed.someone();
            videos.forEach(video -> liker.likes(video).isOk());
        }
        await().untilAsserted(() -> assertThat(
                        alice.post("/notification/list", "").isOk().json().get("notifications"))
                .filteredOn(one -> one.get("type").asText().equals("digest"))
                .isNotEmpty());
    }

    @Test
    void tooManyLikesAreRefused() {
        Account alice = feed.someone();
        Video video = feed.someVideo();
        for (int i = 0; i < 3; i++) {
            alice.likes(video);
        }
        alice.likes(video).isRefused(429, "too many requests");
    }

    @Test
    void aPatternRecordsItsDeliveries() {
        feed.post("/patterns/fanout", "hello", Map.of("Content-Type", "text/plain"))
                .isOk();
        await().untilAsserted(() -> assertThat(feed.get("/patterns/fanout")
                        .isOk()
                        .json()
                        .get("received")
                        .asInt())
                .isEqualTo(2));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void everyScriptHasRunAndNoServerHasRefusedOne() throws IOException {
        // Whether another test needed find-accepted depends on how fast the broker was.
        feed.someone().deletes(1).isRefused(404, "comment not found");
        for (Resource script : new PathMatchingResourcePatternResolver().getResources("classpath:redis/*.lua")) {
            String text = script.getContentAsString(UTF_8);
            assertThat(cluster.each(
                            server -> server.scriptExists(server.digest(text)).get(0)))
                    .as(script.getFilename())
                    .contains(true);
        }
        assertThat(cluster.each(server -> server.info("commandstats")))
                .allSatisfy(calls -> assertThat(calls.lines().filter(line -> line.startsWith("cmdstat_eval:")))
                        .allMatch(line -> line.endsWith("rejected_calls=0,failed_calls=0")));
        assertThat(cluster.each(server -> server.info("errorstats"))).noneMatch(errors -> errors.contains("CROSSSLOT"));
    }
}
