package io.feedroutes.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A published video, and what is known of it everywhere. */
public record Video(Feed feed, long id) {

    /** What {@code /video/getDetail} answers. */
    public JsonNode detail() {
        return feed.post("/video/getDetail", Map.of("id", id)).isOk().json();
    }

    /** The comments that {@code /comment/listAll} answers with, the first 200. */
    public JsonNode comments() {
        return feed.post("/comment/listAll", Map.of("video_id", id)).isOk().json();
    }

    /** The rows of {@code likes}. */
    public long likes() {
        return number("SELECT COUNT(*) FROM likes WHERE video_id = ?");
    }

    /** Whether the row of an account is there. */
    public boolean isLikedBy(Account account) {
        return feed.database.queryForObject(
                        "SELECT COUNT(*) FROM likes WHERE video_id = ? AND account_id = ?",
                        Long.class,
                        id,
                        account.id())
                == 1;
    }

    /** {@code videos.likes_count}. */
    public long likesCount() {
        return number("SELECT likes_count FROM videos WHERE id = ?");
    }

    /** {@code videos.popularity}. */
    public long popularity() {
        return number("SELECT popularity FROM videos WHERE id = ?");
    }

    /** Its tags, in the order of their names. */
    public List<String> tags() {
        return feed.database.queryForList(
                "SELECT t.name FROM video_tags v JOIN tags t ON t.id = v.tag_id WHERE v.video_id = ? ORDER BY t.name",
                String.class,
                id);
    }

    /** When it was published as the timeline in Redis has it, in milliseconds since 1970; null when it is not there. */
    public Double timeOnTheTimeline() {
        return feed.redis.opsForZSet().score("feed:global_timeline", Long.toString(id));
    }

    /** The sum of the hot scores of all minutes in Redis. */
    public long hotScore() {
        return Objects.requireNonNull(feed.redis.keys("hot:video:1m:2*")).stream()
                .map(minute -> feed.redis.opsForZSet().score(minute, Long.toString(id)))
                .filter(Objects::nonNull)
                .mapToLong(Double::longValue)
                .sum();
    }

    /** Rows, both counters and the hot score. */
    public List<Long> totals() {
        return List.of(likes(), likesCount(), popularity(), hotScore());
    }

    /** What {@link #totals()} are when the video has that many likes. */
    public static List<Long> totalsOf(long likes) {
        return List.of(likes, likes, likes, likes);
    }

    private long number(String query) {
        return feed.database.queryForObject(query, Long.class, id);
    }
}
