package io.feedroutes.support;

import static org.awaitility.Awaitility.await;

import java.util.stream.Stream;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.JdbcTemplate;

/** The dead letters that all tests share, in the queues and in the database. */
@TestComponent
public final class DeadLetterStore {

    private final Broker broker;
    private final Operator ops;
    private final JdbcTemplate database;

    DeadLetterStore(Broker broker, Operator ops, JdbcTemplate database) {
        this.broker = broker;
        this.ops = ops;
        this.database = database;
    }

    /** Lets a story begin without any. What other tests have sent may still wait to be tried again. */
    public void empty() {
        await().until(() -> Stream.of("delay.100ms", "delay.1s", "delay.due", "like.events")
                .allMatch(queue -> broker.depth(queue) == 0));
        ops.list();
        forget();
    }

    /** Forgets those in the database, for health counts them. What is not settled yet would be in the way. */
    public void forget() {
        await().until(() -> database.queryForObject(
                        "SELECT COUNT(*) FROM dead_letter_operations WHERE ended_at IS NULL", Long.class)
                == 0);
        database.update("DELETE FROM dead_letters");
        database.update("DELETE FROM dead_letter_operations");
    }
}
