package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Browser;
import io.feedroutes.support.Browser.Tab;
import io.feedroutes.support.DeadLetterStore;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Operator;
import io.feedroutes.support.Video;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** What an operator sees and does with a browser on the page {@code /ops} and in Hawtio. With {@code -Dpictures=write} the pictures in {@code docs/images} are taken anew. */
@FeedTest
@TestInstance(Lifecycle.PER_CLASS)
@EnabledIf(
        value = "io.feedroutes.support.Browser#isInstalled",
        disabledReason = "There is no browser: apt-get install chromium chromium-driver")
class OperatorPageIT {

    private static final boolean PICTURES = "write".equals(System.getProperty("pictures"));

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    Operator ops;

    @Autowired
    JdbcTemplate database;

    private Browser browser;

    @BeforeAll
    void open() {
        browser = Browser.start();
    }

    @AfterAll
    void close() {
        browser.close();
    }

    @BeforeEach
    void noDeadLetters(@Autowired DeadLetterStore letters) {
        letters.empty();
    }

    @AfterEach
    void forgetAll(@Autowired DeadLetterStore letters) {
        browser.closeTabs();
        letters.forget();
    }

    @Test
    void whatIsDownIsNamed() {
        Tab page = page(ops);
        await().untilAsserted(() -> assertThat(page.text("#status")).isEqualTo("All is well"));
        FeedServices.get().redis().down();
        await().untilAsserted(() -> assertThat(page.text("#status")).isEqualTo("Down: Redis"));
        FeedServices.get().redis().up();
        await().untilAsserted(() -> assertThat(page.text("#status")).isEqualTo("All is well"));
    }

    @Test
    void likesThatWaitForTheirConsumerAreSeenAndItIsStartedAgain(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        Tab page = page(ops).type("#named", "like-apply");
        press(page, "#routes tr:first-child button", "Stop");
        await().untilAsserted(
                        () -> assertThat(page.text("#routes tr:first-child b")).isEqualTo("Stopped"));
        try {
            feed.someone().likes(video).isOk();
            await().untilAsserted(() -> assertThat(tile(page, "like.events")).contains("1", "no consumer"));
        } finally {
            press(page, "#routes tr:first-child button", "Start");
        }
        await().untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
        await().untilAsserted(() -> assertThat(tile(page, "like.events")).contains("0", "1 consumer"));
    }

    @Test
    void aDeadLetterIsInspectedAndReplayed() {
        Video video = feed.someVideo();
        park("it was broken", like(video));
        Tab page = page(ops);
        await().untilAsserted(() -> assertThat(page.text("#dead")).contains("like.events", "1 message"));
        press(page, "#look", "List them");
        await().untilAsserted(() -> assertThat(page.text("#letters tbody tr")).contains("it was broken"));
        press(page, "#letters tbody button", "Show");
        press(page, "#letters div div button", "Inspect");
        await().untilAsserted(() -> assertThat(page.text(".letter pre")).contains("\"video_id\":" + video.id()));
        press(page, "#letters tbody button:nth-of-type(2)", "Replay");
        await().untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
        await().untilAsserted(
                        () -> assertThat(page.text("#letters")).contains("No dead letter is left", "ops", "ended"));
        await().untilAsserted(() -> assertThat(page.text("#none:not([hidden])")).isEqualTo("None."));
    }

    @Test
    void aDeadLetterIsDiscardedOnlyByWhoeverSaysSoTwice() {
        park("it was broken", "{}");
        Tab page = page(ops);
        press(page, "#look", "List them");
        press(page, "#letters tbody button:nth-of-type(3)", "Discard");
        press(page, "#letters tbody button:nth-of-type(3)", "Discard it for good?");
        await().untilAsserted(() -> assertThat(page.text("#letters")).contains("No dead letter is left", "discard"));
        assertThat(database.queryForObject("SELECT state FROM dead_letters", String.class))
                .isEqualTo("discarded");
    }

    @Test
    void nothingOfADeadLetterIsMarkup() {
        String markup = "<img src=x onerror=\"document.title='hacked'\">";
        park(markup, markup);
        Tab page = page(ops);
        press(page, "#look", "List them");
        await().untilAsserted(() -> assertThat(page.text("#letters tbody tr")).contains(markup));
        press(page, "#letters tbody button", "Show");
        press(page, "#letters div div button", "Inspect");
        await().untilAsserted(() -> assertThat(page.text(".letter pre")).isEqualTo(markup));
        assertThat(page.<Long>run("return document.querySelectorAll('img').length"))
                .isZero();
        assertThat(page.<String>run("return document.title")).doesNotContain("hacked");
    }

    @Test
    void whoLogsInWithoutHavingAskedForAPageGetsIt() {
        Tab page = browser.tab(ops, "/login");
        await().untilAsserted(() -> assertThat(page.texts("#parts h3")).contains("Broker"));
    }

    @Test
    void whatGoesThroughTheBrokerIsSeenByItsKind() {
        Tab page = page(ops);
        await().untilAsserted(() -> assertThat(page.texts("#breakers h3"))
                .containsExactly("comment", "like", "post", "publication", "social"));
    }

    @Test
    void likesThatAreStoredWithoutTheBrokerAreSeen() {
        Video video = feed.someVideo();
        Tab page = page(ops);
        await().untilAsserted(() -> assertThat(breaker(page)).contains("through the broker"));
        FeedServices.get().broker().down();
        IntStream.range(0, 10).forEach(i -> feed.someone().likes(video).isOk());
        await().untilAsserted(() -> assertThat(breaker(page)).containsAnyOf("without the broker", "tries the broker"));
        FeedServices.get().broker().up();
        await().untilAsserted(() -> {
            feed.someone().likes(video).isOk();
            assertThat(breaker(page)).contains("through the broker");
        });
    }

    @Test
    void aViewerSeesItAllAndHasNoButtonThatChangesAnything() {
        park("it was broken", "{}");
        Tab page = page(ops.viewer());
        await().untilAsserted(() -> assertThat(page.text("#dead")).contains("like.events", "1 message"));
        page.type("#named", "like-apply");
        await().untilAsserted(() -> assertThat(page.text("#routes")).contains("Started"));
        assertThat(page.texts("#routes button, #take:not([hidden])")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "1280, true", "800, false", "800, true"})
    void itFitsAndShowsWhatItsPictureShows(int width, boolean dark) throws Exception {
        Video video = feed.someVideo();
        Tab page = page(ops).width(width).dark(dark);
        IntStream.range(0, 3).forEach(i -> park("JSON validation error", "{\"event_id\":"));
        await().atMost(Duration.ofMinutes(3))
                .during(Duration.ofSeconds(isForPicture(width) ? 60 : 0))
                .until(() -> {
                    Account alice = feed.someone();
                    alice.likes(video).isOk();
                    return alice.comments(video, "No room!").status() == 200;
                });
        await().untilAsserted(() -> assertThat(page.text("#dead")).contains("3 messages"));
        await().untilAsserted(() ->
                assertThat(page.texts("#routes td:first-child")).anyMatch(route -> route.startsWith("like-like")));
        assertThat(page.texts("#parts h3")).contains("Broker", "Database", "Redis", "Queues", "Heap");
        assertThat(page.texts("#queues h3")).contains("like.events", "delay.100ms … 1d");
        assertThat(page.<Long>run("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(width);
        if (isForPicture(width) && !dark) {
            picture(page, "ops");
        }
    }

    @Test
    void hawtioShowsARouteBelowItsModuleWithWhatItHasDoneAndWhatItIsFor() throws Exception {
        Tab page = hawtio(ops);
        Video video = feed.someVideo();
        feed.someone().likes(video).isOk();
        await().until(() -> done(page) > 0);
        int before = done(page);
        feed.someone().likes(video).isOk();
        await().until(() -> done(page) > before);
        picture(page.press(".camel-node-content"), "hawtio-diagram");
        page.press("a[href*='camel/attributes']");
        await().untilAsserted(() -> assertThat(page.texts("tr"))
                .contains("Description\tTakes likes and unlikes from the queue, a batch at a time"));
        picture(page, "hawtio-attributes");
    }

    @Test
    void hawtioStopsAndStartsARoute(@Autowired CamelContext camel) {
        Tab page = hawtio(ops);
        pressSwitch(page);
        await().until(() -> camel.getRouteController().getRouteStatus("like-apply") == ServiceStatus.Stopped);
        await().until(() -> !page.texts(".camel-node-content.disabled").isEmpty());
        pressSwitch(page);
        await().until(() -> camel.getRouteController().getRouteStatus("like-apply") == ServiceStatus.Started);
    }

    /** It is there when a step is chosen. Hawtio draws the steps anew every few seconds, and may miss a click. */
    private static void pressSwitch(Tab page) {
        String label = "#camel-route-diagram-camel-node-start-stop-route-label";
        await().until(() -> {
            page.press(".camel-node-content");
            return !page.texts(label).isEmpty();
        });
        page.press(label);
    }

    @Test
    void aViewerLooksAtARouteInHawtio() {
        Tab page = hawtio(ops.viewer());
        feed.someone().likes(feed.someVideo()).isOk();
        await().until(() -> done(page) > 0);
    }

    /** The diagram of like-apply. */
    private Tab hawtio(Operator person) {
        Tab page = browser.tab(person, "/actuator/hawtio/camel/routes").width(1280);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() ->
                        assertThat(page.texts("#camel-tree-view")).anyMatch(tree -> tree.contains("notification")));
        page.press("[id$='-routes-like-folder'] .pf-v6-c-tree-view__node-toggle");
        page.press("[id$='-routes-like-like-apply-folder'] .pf-v6-c-tree-view__node-text");
        await().untilAsserted(() ->
                assertThat(page.texts(".camel-node-label")).contains("From rabbit-batch...", "To direct:like-ap..."));
        return page;
    }

    private static int done(Tab page) {
        return Integer.parseInt(page.text(".camel-node-content .number"));
    }

    private static boolean isForPicture(int width) {
        return PICTURES && width == 1280;
    }

    private static void picture(Tab page, String name) throws IOException {
        if (PICTURES) {
            page.picture(Path.of("docs/images", name + ".png"));
        }
    }

    private Tab page(Operator person) {
        Tab page = browser.tab(person, "/ops");
        await().until(() -> !page.texts("#parts h3").isEmpty());
        return page;
    }

    /** Presses a button once it says so. */
    private static void press(Tab page, String selector, String text) {
        await().untilAsserted(() -> assertThat(page.text(selector)).isEqualTo(text));
        page.press(selector);
    }

    private static String tile(Tab page, String title) {
        return page.texts("#queues article").stream()
                .filter(tile -> tile.startsWith(title))
                .findFirst()
                .orElse("");
    }

    private static String breaker(Tab page) {
        return page.texts("#breakers .row").stream()
                .filter(row -> row.startsWith("like"))
                .findFirst()
                .orElse("");
    }

    private void park(String reason, String body) {
        broker.parked("like.events", UUID.randomUUID().toString(), reason, Instant.now(), body);
    }

    private static String like(Video video) {
        return """
                {"event_id":"%s","action":"like","user_id":1,"video_id":%d,"occurred_at":"%s","popularity_event_id":"%s"}""".formatted(UUID.randomUUID(), video.id(), Instant.now(), UUID.randomUUID());
    }
}
