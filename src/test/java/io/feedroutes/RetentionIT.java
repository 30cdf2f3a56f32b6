package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import java.sql.Connection;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** How long the database keeps what grows with time. */
@FeedTest
class RetentionIT {

    @Autowired
    Feed feed;

    @Autowired
    JdbcTemplate database;

    @Autowired
    CamelContext camel;

    /** The job looks at those with the smallest ids, for they are the oldest. Other tests have left thousands of younger ones. */
    @BeforeEach
    void noNotifications() {
        database.update("DELETE FROM notifications");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "popularity_events|event_id|7|event_id, video_id, minute, amount, counted_at|ID, VIDEO, TIME, 1, TIME",
                "popularity_minutes|video_id|1|minute, video_id, score, revision, changed_at|TIME, ID, 1, 1, TIME",
                "idempotency_keys|id|1|id, request_hash, created_at|ID, '', TIME",
                "notifications|event_id|90|event_id, recipient_id, sender_id, type, created_at|ID, 1, 2, 'like', TIME",
                "rejected_events|event_id|30|event_id, queue, reason, event, rejected_at|ID, 'a', 'b', '{}', TIME",
                "dead_letters|message_id|30|message_id, queue, parked_at, times_parked, cause, error_message, body, state, changed_at"
                        + "|ID, 'a', TIME, 1, 'a', 'b', '{}', 'discarded', TIME",
                "publications|id|30|id, kind, account_id, publish_at, payload, state|ID, 'post', 0, TIME, '{}', 'published'",
                "publications|id|30|id, kind, account_id, publish_at, payload, state|ID, 'post', 0, TIME, '{}', 'cancelled'"
            })
    void whatHasBeenKeptForItsTimeIsDeletedAndNothingElse(
            String table, String key, int days, String columns, String values) throws Exception {
        long video = feed.someVideo().id();
        long old = Math.abs(UUID.randomUUID().getMostSignificantBits()) / 2;
        long young = old + 1;
        String insert = "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(table, columns, values)
                .replace("VIDEO", Long.toString(video));
        String minutesAgo = "UTC_TIMESTAMP() - INTERVAL %d MINUTE";
        database.update(
                insert.replace("ID", Long.toString(old)).replace("TIME", minutesAgo.formatted(days * 24 * 60 + 1)));
        database.update(
                insert.replace("ID", Long.toString(young)).replace("TIME", minutesAgo.formatted(days * 24 * 60 - 1)));
        run();
        await().untilAsserted(() -> assertThat(rows(table, key, old)).isZero());
        assertThat(rows(table, key, young)).isEqualTo(1);
    }

    @Test
    void whatIsScheduledIsKeptHoweverLateItIs() throws Exception {
        String insert = "INSERT INTO publications (id, kind, account_id, publish_at, payload, state)"
                + " VALUES (?, 'post', 0, '2020-01-01', '{}', ?)";
        String scheduled = UUID.randomUUID().toString();
        String published = UUID.randomUUID().toString();
        database.update(insert, scheduled, "scheduled");
        database.update(insert, published, "published");
        run();
        await().untilAsserted(
                        () -> assertThat(rows("publications", "id", published)).isZero());
        assertThat(rows("publications", "id", scheduled)).isEqualTo(1);
    }

    @Test
    void aNotificationThatSomebodyWritesToHoldsUpNothing() throws Exception {
        String insert = "INSERT INTO notifications (event_id, recipient_id, sender_id, type, created_at)"
                + " VALUES (?, 1, 2, 'like', UTC_TIMESTAMP() - INTERVAL ? DAY)";
        String old = UUID.randomUUID().toString();
        String young = UUID.randomUUID().toString();
        database.update(insert, old, 91);
        database.update(insert, young, 0);
        try (Connection other = database.getDataSource().getConnection()) {
            other.setAutoCommit(false);
            new JdbcTemplate(new SingleConnectionDataSource(other, true))
                    .queryForList("SELECT * FROM notifications WHERE event_id = ? FOR UPDATE", young);
            run();
            await().untilAsserted(() ->
                    assertThat(rows("notifications", "event_id", old)).isZero());
            other.rollback();
        }
    }

    private void run() throws Exception {
        camel.getRouteController().stopRoute("retention");
        camel.getRouteController().startRoute("retention");
    }

    private long rows(String table, String key, Object value) {
        return database.queryForObject("SELECT COUNT(*) FROM %s WHERE %s = ?".formatted(table, key), Long.class, value);
    }
}
