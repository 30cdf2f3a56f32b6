package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the lists of the feed show, and that paging them shows each video once. */
@FeedTest
class FeedIT {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMddHHmm").withZone(ZoneOffset.UTC);

    @Autowired
    Feed feed;

    @Autowired
    JdbcTemplate database;

    @Autowired
    StringRedisTemplate redis;

    @Test
    void anItemIsTheVideoWithItsAuthor() {
        Account alice = feed.someone();
        Video video = alice.publishes("下午茶 & <tea>");
        at(Instant.parse("2001-01-01T00:00:01.999Z"), video);
        JsonNode item = list(
                        "latest_time", Instant.parse("2001-01-01T00:00:02Z").toEpochMilli())
                .get(0);
        assertThat(item.toString()).isEqualTo("""
                        {"id":%d,"author":{"id":%d,"username":"%s"},"title":"下午茶 & <tea>","play_url":"/v.mp4","cover_url":"/c.jpg",\
                        "create_time":978307201,"likes_count":0,"is_liked":false}""".formatted(video.id(), alice.id(), alice.name()));
    }

    @Test
    void anItemHasTheDescriptionThatTheVideoHas() {
        feed.someone()
                .post("/video/publish", Map.of("title", "t", "description", "hot", "play_url", "/p", "cover_url", "/c"))
                .isOk();
        assertThat(list("limit", 1).get(0).get("description").asText()).isEqualTo("hot");
    }

    @Test
    void aNewVideoIsTheFirstAtOnce() {
        Video first = feed.someVideo();
        Video second = feed.someVideo();
        assertThat(ids(list("limit", 2))).containsExactly(second.id(), first.id());
    }

    @Test
    void anItemSaysWhetherTheCallerLikesTheVideo() {
        Account alice = feed.someone();
        Video video = feed.someVideo();
        alice.likes(video).isOk();
        await().until(() -> video.isLikedBy(alice));
        Function<Answer, JsonNode> liked =
                answer -> answer.isOk().json().get("video_list").get(0).get("is_liked");
        assertThat(liked.apply(alice.post("/feed/listLatest", "{}")).toString()).isEqualTo("true");
        assertThat(liked.apply(feed.someone().post("/feed/listLatest", "{}")).toString())
                .isEqualTo("false");
        assertThat(liked.apply(feed.post("/feed/listLatest", "{}")).toString()).isEqualTo("false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"listLatest", "listLikesCount", "listByPopularity", "listByFollowing", "listByTag"})
    void aTokenThatIsSentIsChecked(String list) {
        Account alice = feed.someone();
        alice.post("/account/logout", "{}").isOk();
        alice.post("/feed/" + list, Map.of("tag_name", "t")).isRefused(401, "token has been revoked");
    }

    @Test
    void theLatestAreEachOnAPageOnceWhenTheClientKnowsTheTimeOnly() {
        Instant era = Instant.parse("2002-01-01T00:00:00Z");
        List<Long> videos = published(feed.someone(), era, 0, 1, 1, 1, 1, 1, 2, 3, 3, 4);
        assertThat(paged("/feed/listLatest", feed, before(era.plusMillis(10).toEpochMilli(), 3), "next_time", videos))
                .isEqualTo(videos);
    }

    @Test
    void theLatestAreOnPagesOfTheAskedLengthWhenTheClientKnowsTheIdToo() {
        Instant era = Instant.parse("2003-01-01T00:00:00Z");
        List<Long> videos = published(feed.someone(), era, 0, 1, 1, 1, 1, 1, 2, 3, 3);
        List<Long> seen = new ArrayList<>();
        Map<String, Object> request = new HashMap<>(
                Map.of("limit", 3, "latest_time", era.plusMillis(10).toEpochMilli(), "id_before", Long.MAX_VALUE));
        while (seen.size() < videos.size()) {
            JsonNode page = feed.post("/feed/listLatest", request).isOk().json();
            assertThat(page.get("video_list")).hasSize(3);
            seen.addAll(ids(page.get("video_list")));
            request.put("latest_time", page.get("next_time").asLong());
            request.put("id_before", page.get("next_id_before").asLong());
        }
        assertThat(seen.subList(0, videos.size())).isEqualTo(videos);
    }

    @Test
    void afterTheLastVideoThereIsAnEmptyPage() {
        assertThat(feed.post("/feed/listLatest", Map.of("latest_time", 1))
                        .isOk()
                        .text())
                .isEqualTo("{\"video_list\":[],\"next_time\":0,\"has_more\":false}");
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "-1, 10", "51, 10", "50, 50", "1, 1"})
    void aPageIsOfTenWhenNoPossibleLengthIsAskedFor(int asked, int length) {
        Instant era = Instant.parse("2004-01-01T00:00:00Z").plus(Duration.ofDays(asked));
        published(feed.someone(), era, IntStream.range(0, 50).toArray());
        assertThat(feed.post("/feed/listLatest", Map.of("limit", asked, "latest_time", era.toEpochMilli() + 50))
                        .isOk()
                        .json()
                        .get("video_list"))
                .hasSize(length);
    }

    @Test
    void theMostLikedAreEachOnAPageOnceAlsoWithEqualCounts() {
        List<Long> videos = published(feed.someone(), Instant.parse("2005-01-01T00:00:00Z"), 0, 1, 2, 3, 4, 5);
        long many = 1_000_000_000_000L + videos.get(0) * 10;
        for (int i = 0; i < videos.size(); i++) {
            database.update("UPDATE videos SET likes_count = ? WHERE id = ?", many - (i < 4 ? 0 : i), videos.get(i));
        }
        Map<String, Object> request = new HashMap<>(Map.of("limit", 2));
        List<Long> seen = new ArrayList<>();
        while (seen.size() < videos.size()) {
            JsonNode page = feed.post("/feed/listLikesCount", request).isOk().json();
            assertThat(page.get("has_more").asBoolean()).isTrue();
            seen.addAll(ids(page.get("video_list")));
            request.put(
                    "likes_count_before", page.get("next_likes_count_before").asLong());
            request.put("id_before", page.get("next_id_before").asLong());
        }
        assertThat(seen.subList(0, videos.size())).isEqualTo(videos);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "listLikesCount   | {'likes_count_before':3}                    | likes_count_before and id_before must be provided together",
                "listLikesCount   | {'id_before':3}                             | likes_count_before and id_before must be provided together",
                "listLikesCount   | {'likes_count_before':-1,'id_before':3}     | invalid cursor: likes_count_before must be >= 0",
                "listLikesCount   | {'likes_count_before':1,'id_before':0}      | invalid cursor: id_before must be > 0",
                "listByPopularity | {'latest_popularity':-1}                    | latest_popularity must be >= 0",
                "listByPopularity | {'latest_id_before':1}                      | latest_before and latest_id_before must be provided together",
                "listByPopularity | {'latest_before':'2026-01-01T00:00:00Z'}    | latest_before and latest_id_before must be provided together",
                "listByPopularity | {'latest_before':'2026-01-01T00:00:00Z','latest_id_before':0} | must be provided together",
                "listByPopularity | {'latest_before':'yesterday'}               | latest_before",
                "listByPopularity | {'offset':-1}                               | offset",
                "listByTag        | {}                                          | tag_name is required",
                "listByTag        | {'tag_name':''}                             | tag_name is required",
                "listByTag        | {'tag_name':1}                              | tag_name",
                "listLatest       | {'latest_time':'now'}                       | latest_time",
                "listLatest       | {'limit':'many'}                            | limit",
                "listLatest       | []                                          | object",
                "listLatest       | {                                           | not valid JSON"
            })
    void whatContradictsItselfIsRefused(String list, String request, String why) {
        feed.post("/feed/" + list, request.replace('\'', '"')).isRefused(400, why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "listLikesCount   | {'likes_count_before':0,'id_before':0}",
                "listByPopularity | {'latest_before':'','latest_id_before':null}",
                "listByPopularity | {'latest_before':'0001-01-01T00:00:00Z','latest_popularity':0}"
            })
    void aCursorOfNothingIsTheFirstPage(String list, String request) {
        feed.someVideo();
        assertThat(feed.post("/feed/" + list, request.replace('\'', '"'))
                        .isOk()
                        .json()
                        .get("video_list"))
                .isNotEmpty();
    }

    @Test
    void theFollowedAreNotForStrangers() {
        feed.post("/feed/listByFollowing", "{}").isRefused(401, "missing authorization header");
    }

    @Test
    void aNewVideoOfAFollowedAccountShowsAtOnceAndNoMoreAfterUnfollowing() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        feed.someVideo();
        following(alice, bob, true);
        assertThat(followed(alice)).isEmpty();
        Video video = bob.publishes("a title");
        assertThat(followed(alice)).containsExactly(video.id());
        following(alice, bob, false);
        assertThat(followed(alice)).isEmpty();
    }

    @Test
    void aFollowShowsInTheFeedThoughItIsNotStored(@Autowired CamelContext camel) throws Exception {
        Account alice = feed.someone();
        Account bob = feed.someone();
        Account carol = feed.someone();
        Video bobs = bob.publishes("a title");
        Video carols = carol.publishes("a title");
        following(alice, bob, true);
        try (AutoCloseable stopped = Routes.stop(camel, "social-apply")) {
            alice.follows(carol).isOk();
            assertThat(followed(alice)).containsExactly(carols.id(), bobs.id());
            alice.unfollows(bob).isOk();
            assertThat(followed(alice)).containsExactly(carols.id());
        }
    }

    @Test
    void theFollowedAreEachOnAPageOnceThoughTheCursorHasSecondsOnly() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        following(alice, bob, true);
        Instant era = Instant.parse("2006-01-01T00:00:00Z");
        List<Long> videos = published(bob, era, 0, 999, 1000, 1000, 1001, 1500, 1999, 2000, 2500, 9000);
        assertThat(paged("/feed/listByFollowing", alice, before(0, 3), "next_time", videos))
                .isEqualTo(videos);
    }

    @Test
    void theFollowedAreOnPagesOfTheAskedLengthWhenTheClientKnowsTheIdToo() {
        Account alice = feed.someone();
        Account bob = feed.someone();
        following(alice, bob, true);
        List<Long> videos = published(bob, Instant.parse("2007-01-01T00:00:00Z"), 0, 1, 1, 1, 2, 3, 4);
        List<Long> seen = new ArrayList<>(videos.subList(0, 1));
        long last = videos.get(0);
        while (seen.size() < videos.size()) {
            JsonNode page = alice.post("/feed/listByFollowing", Map.of("limit", 2, "id_before", last))
                    .isOk()
                    .json();
            assertThat(page.get("video_list")).hasSize(2);
            seen.addAll(ids(page.get("video_list")));
            last = page.get("next_id_before").asLong();
        }
        assertThat(seen).isEqualTo(videos);
    }

    @Test
    void aTagListsItsVideosOnceNewestFirstInWhateverCase() {
        String tag = "Tea" + UUID.randomUUID().toString().replace("-", "");
        List<Long> videos = published(feed.someone(), Instant.parse("2008-01-01T00:00:00Z"), 0, 1, 2);
        tagged(tag, videos);
        feed.someVideo();
        assertThat(ids(feed.post("/feed/listByTag", Map.of("tag_name", tag.toLowerCase()))
                        .isOk()
                        .json()
                        .get("video_list")))
                .isEqualTo(videos);
        assertThat(feed.post("/feed/listByTag", Map.of("tag_name", "no such tag"))
                        .isOk()
                        .text())
                .isEqualTo("{\"video_list\":[]}");
    }

    @Test
    void aLikedVideoIsAmongTheHot() {
        Video video = feed.someVideo();
        feed.someone().likes(video).isOk();
        await().untilAsserted(() -> assertThat(video.hotScore()).isEqualTo(1));
        redis.delete(Objects.requireNonNull(redis.keys("hot:video:merge:*")));
        Map<String, Object> request = new HashMap<>(Map.of("limit", 50));
        List<Long> seen = new ArrayList<>();
        JsonNode page;
        do {
            page = feed.post("/feed/listByPopularity", request).isOk().json();
            assertThat(page.get("as_of").asLong())
                    .isBetween(
                            Instant.now().getEpochSecond() - 120, Instant.now().getEpochSecond())
                    .matches(seconds -> seconds % 60 == 0);
            seen.addAll(ids(page.get("video_list")));
            request.put("as_of", page.get("as_of").asLong());
            request.put("offset", page.get("next_offset").asLong());
        } while (page.get("has_more").asBoolean());
        assertThat(seen).contains(video.id()).doesNotHaveDuplicates();
    }

    @Test
    void theHotAreThoseOfTheSixtyMinutesByTheSumOfTheirScores() {
        Instant then = hour(3);
        List<Long> videos = published(feed.someone(), Instant.parse("2009-01-01T00:00:00Z"), 0, 1, 2, 3);
        hot(then, videos.get(3), 5);
        hot(then.minus(Duration.ofMinutes(59)), videos.get(0), 4);
        hot(then, videos.get(0), 2);
        hot(then.minus(Duration.ofMinutes(60)), videos.get(1), 9);
        hot(then.plus(Duration.ofMinutes(1)), videos.get(2), 9);
        JsonNode page = feed.post("/feed/listByPopularity", Map.of("as_of", then.getEpochSecond() + 59))
                .isOk()
                .json();
        assertThat(ids(page.get("video_list"))).containsExactly(videos.get(0), videos.get(3));
        assertThat(page.get("as_of").asLong()).isEqualTo(then.getEpochSecond());
        assertThat(page.get("next_offset").asLong()).isEqualTo(2);
        assertThat(page.get("has_more").asBoolean()).isFalse();
        assertThat(page.get("next_latest_id_before").asLong()).isEqualTo(videos.get(3));
        assertThat(Instant.parse(page.get("next_latest_before").asText()))
                .isEqualTo(Instant.parse("2009-01-01T00:00:00Z"));
    }

    @Test
    void theHotStayInOrderWhileTheyArePagedThoughTheScoresChange() {
        Instant then = hour(6);
        List<Long> videos = published(feed.someone(), Instant.parse("2010-01-01T00:00:00Z"), 0, 1, 2, 3, 4, 5);
        for (int i = 0; i < videos.size(); i++) {
            hot(then, videos.get(i), 100 - i);
        }
        List<Long> seen = new ArrayList<>();
        Map<String, Object> request = new HashMap<>(Map.of("limit", 2, "as_of", then.getEpochSecond()));
        while (seen.size() < videos.size()) {
            JsonNode page = feed.post("/feed/listByPopularity", request).isOk().json();
            seen.addAll(ids(page.get("video_list")));
            request.put("offset", page.get("next_offset").asLong());
            hot(then, videos.get(5), 100);
        }
        assertThat(seen).isEqualTo(videos);
        assertThat(feed.post("/feed/listByPopularity", request).isOk().text())
                .isEqualTo("{\"video_list\":[],\"as_of\":%d,\"next_offset\":6,\"has_more\":false}"
                        .formatted(then.getEpochSecond()));
        assertThat(redis.getExpire("hot:video:merge:1m:" + MINUTE.format(then))).isBetween(590L, 600L);
    }

    @Test
    void aVideoThatIsNoMoreTakesNoOtherFromThePages() {
        Instant then = hour(9);
        List<Long> videos = published(feed.someone(), Instant.parse("2011-01-01T00:00:00Z"), 0, 1);
        hot(then, videos.get(0), 3);
        hot(then, Long.MAX_VALUE, 2);
        hot(then, videos.get(1), 1);
        JsonNode first = feed.post("/feed/listByPopularity", Map.of("limit", 2, "as_of", then.getEpochSecond()))
                .isOk()
                .json();
        assertThat(ids(first.get("video_list"))).containsExactly(videos.get(0));
        JsonNode second = feed.post(
                        "/feed/listByPopularity",
                        Map.of("limit", 2, "as_of", then.getEpochSecond(), "offset", first.get("next_offset")))
                .isOk()
                .json();
        assertThat(ids(second.get("video_list"))).containsExactly(videos.get(1));
    }

    @Test
    void noSnapshotIsMadeOfAMinuteToCome() {
        long tomorrow = Instant.now().plus(Duration.ofDays(1)).getEpochSecond();
        assertThat(feed.post("/feed/listByPopularity", Map.of("as_of", tomorrow))
                        .isOk()
                        .json()
                        .get("as_of")
                        .asLong())
                .isLessThanOrEqualTo(Instant.now().getEpochSecond());
    }

    @Test
    void theMostPopularAreEachOnAPageOnceWithoutRedisByOffset() {
        List<Long> videos = mostPopular(Instant.parse("2012-01-01T00:00:00Z"));
        FeedServices.get().redis().down();
        Map<String, Object> request = new HashMap<>(Map.of("limit", 2));
        List<Long> seen = new ArrayList<>();
        while (seen.size() < videos.size()) {
            JsonNode page = feed.post("/feed/listByPopularity", request).isOk().json();
            assertThat(page.get("as_of").asLong()).isZero();
            seen.addAll(ids(page.get("video_list")));
            request.put("as_of", page.get("as_of").asLong());
            request.put("offset", page.get("next_offset").asLong());
            FeedServices.get().redis().up();
        }
        assertThat(seen.subList(0, videos.size())).isEqualTo(videos);
    }

    @Test
    void theMostPopularAreEachOnAPageOnceWithoutRedisByCursor() {
        List<Long> videos = mostPopular(Instant.parse("2013-01-01T00:00:00Z"));
        FeedServices.get().redis().down();
        Map<String, Object> request = new HashMap<>(Map.of("limit", 2));
        List<Long> seen = new ArrayList<>();
        while (seen.size() < videos.size()) {
            JsonNode page = feed.post("/feed/listByPopularity", request).isOk().json();
            seen.addAll(ids(page.get("video_list")));
            request.put("latest_popularity", page.get("next_latest_popularity").asLong());
            request.put("latest_before", page.get("next_latest_before").asText());
            request.put("latest_id_before", page.get("next_latest_id_before").asLong());
        }
        assertThat(seen.subList(0, videos.size())).isEqualTo(videos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"listLatest", "listLikesCount", "listByPopularity", "listByFollowing", "listByTag"})
    void everyListAnswersWithoutRedis(String list) {
        String tag = "tag-" + UUID.randomUUID();
        Account alice = feed.someone();
        Account bob = feed.someone();
        following(alice, bob, true);
        tagged(tag, List.of(bob.publishes("a title").id()));
        FeedServices.get().redis().down();
        assertThat(alice.post("/feed/" + list, Map.of("tag_name", tag))
                        .isOk()
                        .json()
                        .get("video_list"))
                .isNotEmpty();
    }

    private JsonNode list(String name, Object value) {
        return feed.post("/feed/listLatest", Map.of(name, value)).isOk().json().get("video_list");
    }

    private static List<Long> ids(JsonNode items) {
        List<Long> ids = new ArrayList<>();
        items.forEach(item -> ids.add(item.get("id").asLong()));
        return ids;
    }

    private static Map<String, Object> before(long latestTime, int limit) {
        return new HashMap<>(Map.of("limit", limit, "latest_time", latestTime));
    }

    private static List<Long> paged(
            String path, Object client, Map<String, Object> request, String cursor, List<Long> until) {
        List<Long> seen = new ArrayList<>();
        while (seen.size() < until.size()) {
            Answer answer = client instanceof Account account
                    ? account.post(path, request)
                    : ((Feed) client).post(path, request);
            JsonNode page = answer.isOk().json();
            assertThat(page.get("video_list")).isNotEmpty();
            seen.addAll(ids(page.get("video_list")));
            request.put("latest_time", page.get(cursor).asLong());
        }
        return seen.subList(0, until.size());
    }

    /** Videos published so many milliseconds after a time, in the order in which the lists have them. */
    private List<Long> published(Account author, Instant since, int... milliseconds) {
        List<Long> videos = new ArrayList<>();
        for (int after : milliseconds) {
            Video video = author.publishes("a title");
            at(since.plusMillis(after), video);
            videos.add(video.id());
        }
        Collections.reverse(videos);
        return videos;
    }

    private void at(Instant time, Video video) {
        database.update(
                "UPDATE videos SET create_time = ? WHERE id = ?",
                LocalDateTime.ofInstant(time, ZoneOffset.UTC),
                video.id());
    }

    /** More popular than all others, two by two as popular, the later one first. */
    private List<Long> mostPopular(Instant since) {
        List<Long> videos = published(feed.someone(), since, 0, 1, 1, 1, 2, 3);
        for (int i = 0; i < videos.size(); i++) {
            database.update(
                    "UPDATE videos SET popularity = ? WHERE id = ?",
                    1_000_000_000_000L + videos.get(0) * 10 - (i < 4 ? 0 : 1),
                    videos.get(i));
        }
        return videos;
    }

    private List<Long> followed(Account account) {
        return ids(account.post("/feed/listByFollowing", "{}").isOk().json().get("video_list"));
    }

    private void following(Account follower, Account vlogger, boolean following) {
        database.update("""
                INSERT INTO social_states (vlogger_id, follower_id, following, changed_at) VALUES (?, ?, ?, UTC_TIMESTAMP(6))
                ON DUPLICATE KEY UPDATE following = VALUES(following)""", vlogger.id(), follower.id(), following);
    }

    private void tagged(String tag, List<Long> videos) {
        database.update("INSERT INTO tags (name) VALUES (?)", tag);
        videos.forEach(video -> database.update(
                "INSERT INTO video_tags (tag_id, video_id) SELECT id, ? FROM tags WHERE name = ?", video, tag));
    }

    /** The beginning of an hour some days ago, of which only the test has scores. */
    private static Instant hour(int days) {
        return Instant.ofEpochSecond(Instant.now().minus(Duration.ofDays(days)).getEpochSecond() / 3600 * 3600);
    }

    private void hot(Instant minute, long video, double score) {
        redis.opsForZSet().incrementScore("hot:video:1m:" + MINUTE.format(minute), Long.toString(video), score);
    }
}
