package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Browser;
import io.feedroutes.support.Browser.Tab;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;

/** The page in {@code examples/web}, as two people use it. */
@FeedTest
@TestInstance(Lifecycle.PER_CLASS)
@EnabledIf(
        value = "io.feedroutes.support.Browser#isInstalled",
        disabledReason = "There is no browser: apt-get install chromium chromium-driver")
class WebIT {

    @Autowired
    Feed feed;

    private Browser browser;
    private Account alice;
    private Account bob;

    @BeforeAll
    void open() {
        browser = Browser.start();
    }

    @AfterAll
    void close() {
        browser.close();
    }

    @AfterEach
    void leave() {
        browser.closeTabs();
    }

    @BeforeEach
    void twoPeople() {
        alice = feed.someone();
        bob = feed.someone();
    }

    @Test
    void whoeverRegistersIsLoggedIn() {
        String name = "carol-" + UUID.randomUUID();
        Tab page = browser.tab(feed).open("login");
        page.type("form:has([autocomplete=new-password]) [name=name]", name);
        page.type("[autocomplete=new-password]", "a password\n");
        await().untilAsserted(() -> assertThat(page.text("#account")).contains(name));
    }

    @Test
    void aVideoIsUploadedInChunksPublishedAndShownToOthers(@TempDir Path directory) throws Exception {
        String title = "Tea " + UUID.randomUUID();
        Tab page = browser.tab(feed).logIn(alice).open("publish");
        page.type("[name=file]", video(directory).toString());
        page.type("[name=title]", title).type("[name=description]", "with the #hatter\n");
        page.press("main form button");
        await().untilAsserted(() -> assertThat(page.text("article h2")).isEqualTo(title));
        page.run("document.querySelector('video').preload = 'auto'");
        await().untilAsserted(() -> assertThat(page.<Long>run("return document.querySelector('video').videoWidth"))
                .isEqualTo(320));
        Tab other = browser.tab(feed).open("tag/hatter");
        await().untilAsserted(() -> assertThat(other.texts("article h2")).contains(title));
    }

    @Test
    void aLikeACommentAndAFollowReachTheAuthorAtOnce() {
        Video video = alice.publishes("Tea");
        Tab author = browser.tab(feed).logIn(alice);
        Tab other = browser.tab(feed).logIn(bob).open("video/" + video.id());
        other.press(".like");
        await().untilAsserted(() -> assertThat(author.text("#news")).contains(bob.name() + " likes your video"));
        await().untilAsserted(() -> assertThat(author.text("#unread")).isEqualTo("1"));
        other.type("[name=comment]", "One lump or two?\n");
        await().untilAsserted(() -> assertThat(author.text("#news")).contains(bob.name() + " commented"));
        other.open("video/" + video.id() + "/again");
        await().untilAsserted(() -> assertThat(other.text(".comments li")).contains("One lump or two?"));
        other.open("account/" + alice.id()).press(".profile button");
        await().untilAsserted(() -> assertThat(author.text("#news")).contains(bob.name() + " follows you"));
        assertThat(other.text(".profile button")).isEqualTo("Unfollow");
        author.open("notifications");
        await().untilAsserted(() -> assertThat(author.texts(".rows li")).hasSize(3));
        await().untilAsserted(() -> assertThat(author.text("#unread")).isEmpty());
    }

    @Test
    void aMessageArrivesAtOnceAndIsAnswered() {
        Tab reader = browser.tab(feed).logIn(alice);
        Tab writer = browser.tab(feed).logIn(bob).open("messages/" + alice.id());
        writer.type("[name=message]", "Why is a raven like a writing desk?").press("main form button");
        await().untilAsserted(() -> assertThat(reader.text("#news")).contains(bob.name() + " sent you a message"));
        reader.open("messages");
        await().untilAsserted(() -> assertThat(reader.text(".rows li")).contains("Why is a raven", "1 new"));
        reader.press(".rows li a");
        reader.type("[name=message]", "I give it up.").press("main form button");
        await().untilAsserted(() -> assertThat(writer.texts(".messages p"))
                .containsExactly("Why is a raven like a writing desk?", "I give it up."));
    }

    @Test
    void theVideosOfThoseWhomOneFollowsHaveAFeed() {
        alice.publishes("Tea of " + alice.name());
        bob.follows(alice).isOk();
        Tab page = browser.tab(feed).logIn(bob);
        await().untilAsserted(() -> {
            page.open("latest").open("following");
            assertThat(page.texts("article h2")).containsExactly("Tea of " + alice.name());
        });
    }

    @Test
    void whatPeopleWriteIsNeverMarkup() {
        String markup = "<img src=x onerror=\"document.title='hacked'\">";
        Video video = alice.publishes(markup);
        bob.comments(video, markup).isOk();
        await().until(() -> video.comments().size() == 1);
        Tab page = browser.tab(feed).open("video/" + video.id());
        await().untilAsserted(() -> assertThat(page.text(".comments li")).contains(markup));
        assertThat(page.text("article h2")).isEqualTo(markup);
        assertThat(page.<Long>run("return document.querySelectorAll('main img').length"))
                .isZero();
    }

    @Test
    void aVideoIsLikedByKeyboard() {
        Video video = alice.publishes("Tea");
        Tab page = browser.tab(feed).logIn(bob).open("video/" + video.id());
        await().until(() -> !page.text(".like").isEmpty());
        for (int i = 0; i < 40 && !page.<Boolean>run("return document.activeElement.matches('.like')"); i++) {
            page.type(Keys.TAB);
        }
        page.type(Keys.SPACE);
        await().untilAsserted(() -> assertThat(video.likes()).isEqualTo(1));
        assertThat(page.text(".like")).isEqualTo("♥ 1");
    }

    @Test
    void whatIsRefusedIsSaid() {
        Tab page = browser.tab(feed).open("login");
        page.type("form:has([autocomplete=current-password]) [name=name]", alice.name());
        page.type("[autocomplete=current-password]", "a guess\n");
        await().untilAsserted(() -> assertThat(page.text("#news")).contains("invalid username or password"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "hot", "login", "publish", "messages", "notifications", "account"})
    void nothingIsWiderThanAPhone(String view) {
        alice.publishes("a" + "-very-long-title".repeat(15));
        Tab page = browser.tab(feed).width(360).logIn(alice);
        page.open(view.equals("account") ? "account/" + alice.id() : view);
        await().until(() -> !page.texts("h1, h2").isEmpty());
        assertThat(page.<Long>run("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(360);
    }

    /** Of three chunks: one that plays, with a box of nothing behind it. */
    private static Path video(Path directory) throws Exception {
        byte[] tea = WebIT.class.getResourceAsStream("tea.mp4").readAllBytes();
        byte[] nothing = ByteBuffer.allocate(11_000_000)
                .putInt(11_000_000)
                .put("free".getBytes(StandardCharsets.US_ASCII))
                .array();
        Path file = Files.write(directory.resolve("tea.mp4"), tea);
        try (var more = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            more.write(nothing);
        }
        return file;
    }
}
