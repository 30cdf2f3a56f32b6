package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.support.FeedTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** How the database finds what the lists show, among thousands of rows. */
@FeedTest
class IndexesIT {

    private static final String FOLLOWS =
            "INSERT INTO social_states (vlogger_id, follower_id, following, changed_at) SELECT ";

    /** What Redis knows besides. */
    private static final String ACCEPTED =
            "'[{\"id\":987000007,\"state\":1,\"changed_at\":1,\"shown\":null},{\"id\":987000008,\"state\":0,\"changed_at\":1,\"shown\":null}]'";

    @Autowired
    JdbcTemplate database;

    private int video;
    private long comment;
    private int message;

    /**
     * 5,000 videos of 100 authors, 3,000 of them with one tag and as many liked by Alice, who follows two authors, has commented 3,000 times on
     * one video, has 300 notifications, has uploaded 3,000 videos in chunks, and has written 3,000 messages to each of two accounts, of which one
     * has answered as often. 3,000 messages are dead of one of ten causes. Bob follows 3,000 and is followed by as many.
     */
    @BeforeEach
    void thousandsOfRows() {
        if (database.queryForObject("SELECT COUNT(*) FROM tags WHERE name = 'planned'", Long.class) == 0) {
            insertThem();
        }
        video = firstVideo();
        comment = database.queryForObject("SELECT id FROM comments WHERE event_id = 'planned-2000'", Long.class);
        message =
                database.queryForObject("SELECT MAX(id) - 100 FROM messages WHERE from_id = 987654322", Integer.class);
    }

    @ParameterizedTest
    @CsvSource({
        "feed/list-latest, idx_videos_create_time, v, 200",
        "feed/list-most-liked, idx_videos_likes_count_id, v, 200",
        "feed/list-most-popular, idx_videos_popularity_time_id, v, 200",
        "feed/list-followed, idx_videos_author_id, followed, 1200",
        "feed/list-tagged, PRIMARY, vt, 6000",
        "feed/list-hot, PRIMARY, v, 100",
        "timeline/list-newest-videos, idx_videos_create_time, videos, 1100",
        "video/list-videos-of-author, idx_videos_author_id, v, 200",
        "like/list-liked-videos, idx_like_states_account, s, 1400",
        "comment/list-comments, idx_comments_video_id, c, 1200",
        "social/list-followers, idx_social_states_vlogger, s, 1400",
        "social/list-vloggers, idx_social_states_follower, s, 1400",
        "notification/list-notifications, idx_notifications_recipient_id, n, 100",
        "notification/count-unread, idx_notifications_unread, notifications, 400",
        "retention/list-sessions, idx_upload_sessions_changed_at, upload_sessions, 100",
        "message/list-messages, idx_messages_from, sent, 600",
        "message/list-messages, idx_messages_from, received, 600",
        "message/list-conversations, idx_conversations_last, c, 300",
        "message/list-conversations, idx_messages_unread, w, 300",
        "reliability/list-dead-letters-of-cause, idx_dead_letters_cause, d, 300"
    })
    void anIndexServesEachList(String name, String index, String table, int most) {
        for (boolean first : List.of(true, false)) {
            String statement = statement(name, first);
            List<Map<String, Object>> plan = database.queryForList("EXPLAIN " + statement);
            assertThat(plan)
                    .as("a full scan: %s", plan)
                    .noneMatch(step -> String.valueOf(step.get("type")).matches("ALL|index")
                            && !String.valueOf(step.get("table")).matches("<.*>|page|j|accepted")
                            && !index.equals(step.get("key")));
            assertThat(plan)
                    .as("not served by %s: %s", index, plan)
                    .filteredOn(step -> table.equals(step.get("table")))
                    .isNotEmpty()
                    .allSatisfy(step -> {
                        assertThat(step.get("key")).isEqualTo(index);
                        assertThat(step.get("Extra").toString()).doesNotContain("filesort");
                    });
            assertThat(rowsRead(statement)).as("rows read").isLessThan(most);
        }
    }

    /** The statement as it asks for the first page, or for one in the middle. */
    private String statement(String name, boolean first) {
        Map<String, String> values = Map.ofEntries(
                Map.entry("before", first ? "NULL" : "1400000000000"),
                Map.entry("before_id", first ? "0" : String.valueOf(message)),
                Map.entry("id_before", first ? "NULL" : "100"),
                Map.entry("likes_before", first ? "NULL" : "500"),
                Map.entry("popularity_before", first ? "NULL" : "500"),
                Map.entry("time_before", first ? "NULL" : "'2014-01-01T00:00:00Z'"),
                Map.entry("limit", "10"),
                Map.entry("most", "10"),
                Map.entry("since", "NULL"),
                Map.entry("skip", "0"),
                Map.entry("after_id", first ? "0" : String.valueOf(comment)),
                Map.entry("account_id", "987654321"),
                Map.entry("token_id", "'planned'"),
                Map.entry("wanted_id", "987654322"),
                Map.entry("author_id", "987000000"),
                Map.entry("video_id", String.valueOf(video)),
                Map.entry("peer_id", "987654322"),
                Map.entry("tag_name", "'planned'"),
                Map.entry("selection", "'planned:1'"),
                Map.entry("script_result", name.equals("feed/list-hot") ? "'[1,2]'" : ACCEPTED),
                Map.entry("follower_id", "987654322"));
        try {
            String sql = new ClassPathResource("sql/" + name + ".sql").getContentAsString(UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                sql = sql.replace(":#${variable." + value.getKey() + "}", value.getValue());
            }
            return sql.replaceAll("(?m)^--.*\n", "");
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private long rowsRead(String sql) {
        return Objects.requireNonNull(database.execute((ConnectionCallback<Long>) connection -> {
            JdbcTemplate session = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            long before = handlerReads(session);
            session.queryForList(sql);
            return handlerReads(session) - before;
        }));
    }

    private static long handlerReads(JdbcTemplate session) {
        return session.query("SHOW SESSION STATUS LIKE 'Handler_read%'", (row, i) -> row.getLong("Value")).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void insertThem() {
        rows(5000, """
                INSERT INTO videos (author_id, username, title, play_url, cover_url, create_time, likes_count, popularity)
                SELECT 987000000 + i % 100, 'many', 'many', 'p', 'c', '2014-01-01' + INTERVAL i SECOND, i % 1000, i % 1000""");
        rows(5000, "INSERT INTO accounts (id, username) SELECT 987000000 + i, CONCAT('many-', i)");
        rows(10, "INSERT INTO accounts (id, username, token) SELECT 987654320 + i, CONCAT('planned-', i), 'planned'");
        database.update("INSERT INTO tags (name) VALUES ('planned')");
        rows(3000, """
                INSERT INTO video_tags (tag_id, video_id)
                SELECT (SELECT id FROM tags WHERE name = 'planned'), %d + i""".formatted(firstVideo()));
        rows(3000, """
                INSERT INTO like_states (video_id, account_id, liked, changed_at)
                SELECT %d + i, 987654321, 1, UTC_TIMESTAMP(6)""".formatted(firstVideo()));
        rows(3000, """
                INSERT INTO comments (id, event_id, username, video_id, author_id, content, created_at)
                SELECT UUID_SHORT() & 9007199254740991, CONCAT('planned-', i), 'alice', %d, 987654321, 'c', '2014-01-01' + INTERVAL i SECOND""".formatted(firstVideo()));
        rows(2, FOLLOWS + "987000000 + i, 987654321, 1, UTC_TIMESTAMP(6)");
        rows(3000, FOLLOWS + "987000000 + i, 987654322, 1, UTC_TIMESTAMP(6)");
        rows(3000, FOLLOWS + "987654322, 987000000 + i, 1, UTC_TIMESTAMP(6)");
        rows(3000, """
                INSERT INTO notifications (event_id, recipient_id, sender_id, type, target_id, created_at)
                SELECT CONCAT('planned-', i), 987654321 + i % 10, 987654322, 'like', 1, UTC_TIMESTAMP(3)""");
        rows(3000, """
                INSERT INTO upload_sessions (upload_id, account_id, file_size, chunk_size, total_chunks, upload_path, url, changed_at)
                SELECT CONCAT('planned-', i), 987654321, 1, 1, 1, '/p', '/p', UTC_TIMESTAMP(3)""");
        String write = "INSERT INTO messages (from_id, to_id, content, is_read, created_at) SELECT ";
        rows(3000, write + "987654321, 987654322, 'c', FALSE, UTC_TIMESTAMP(3)");
        rows(3000, write + "987654321, 987654323, 'c', FALSE, UTC_TIMESTAMP(3)");
        rows(3000, write + "987654322, 987654321, 'c', i > 5, UTC_TIMESTAMP(3)");
        rows(3000, write + "987000000 + i, 987000001 + i, 'c', FALSE, UTC_TIMESTAMP(3)");
        rows(3000, """
                INSERT INTO dead_letters (queue, message_id, parked_at, times_parked, cause, error_message, body, changed_at)
                SELECT 'planned', i, UTC_TIMESTAMP(3), 1, CONCAT('planned:', i % 10), 'planned', '', UTC_TIMESTAMP(3)""");
        database.queryForList("ANALYZE TABLE videos, tags, video_tags, accounts, social_states, like_states, comments,"
                + " notifications, upload_sessions, messages, conversations, dead_letters");
    }

    private void rows(int count, String insert) {
        database.update(
                insert
                        + " FROM JSON_TABLE(CONCAT('[', REPEAT('0,', ?), '0]'), '$[*]' COLUMNS (i FOR ORDINALITY)) AS numbers",
                count - 1);
    }

    private int firstVideo() {
        return database.queryForObject("SELECT MIN(id) FROM videos WHERE username = 'many'", Integer.class);
    }
}
