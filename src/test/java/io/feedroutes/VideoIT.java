package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Account;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Video;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Publishing a video and reading it. */
@FeedTest
class VideoIT {

    @Autowired
    Feed feed;

    @Test
    void publishingAnswersWithTheVideo() {
        Account alice = feed.someone();
        JsonNode video = alice.post(
                        "/video/publish",
                        Map.of("title", " Tea ", "description", "hot", "play_url", "/t.mp4", "cover_url", "/t.jpg"))
                .isOk()
                .json();
        assertThat(video.fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "author_id",
                        "username",
                        "title",
                        "description",
                        "play_url",
                        "cover_url",
                        "create_time",
                        "likes_count",
                        "popularity");
        assertThat(video.get("title").asText()).isEqualTo("Tea");
        assertThat(video.get("author_id").asLong()).isEqualTo(alice.id());
        assertThat(video.get("username").asText()).isEqualTo(alice.name());
        assertThat(Instant.parse(video.get("create_time").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void detailsAreWhatWasPublished() {
        Account alice = feed.someone();
        JsonNode published = alice.post("/video/publish", Map.of("title", "Tea", "play_url", "p", "cover_url", "c"))
                .isOk()
                .json();
        assertThat(new Video(feed, published.get("id").asLong()).detail()).isEqualTo(published);
    }

    @Test
    void aVideoWithoutDescriptionHasNone() {
        assertThat(feed.someVideo().detail().has("description")).isFalse();
    }

    @Test
    void anUnknownVideoIsNotFound() {
        feed.post("/video/getDetail", Map.of("id", Long.MAX_VALUE)).isRefused(404, "record not found");
    }

    @Test
    void aBlankTitleIsRefused() {
        feed.someone()
                .post("/video/publish", Map.of("title", " ", "play_url", "p", "cover_url", "c"))
                .isRefused(400, "title");
    }

    @Test
    void sqlInATitleIsATitle() {
        String title = "'); DROP TABLE videos; -- ${body} :#x";
        assertThat(feed.someone().publishes(title).detail().get("title").asText())
                .isEqualTo(title);
    }
}
