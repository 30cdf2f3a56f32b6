package io.feedroutes.notification;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * One stream. Whoever has something for it leaves it here; a thread of the reader's own writes it, so that a slow reader holds up nobody. One who is
 * too slow is disconnected, and comes back with the id of the last notification that arrived.
 */
final class NotificationReader {

    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);
    private static final int PATIENCE = 1000;
    private static final long FOR_EVER = 0;

    private final String id = UUID.randomUUID().toString();
    private final long accountId;
    private final String tokenId;
    private final Instant expiresAt;
    private final Executor writers;
    private final Consumer<NotificationReader> whenGone;
    private final ResponseBodyEmitter emitter = new ResponseBodyEmitter(FOR_EVER);

    private final NavigableMap<Long, String> unsent = new TreeMap<>();
    /** What was offered after {@link #from}. */
    private final Set<Long> offered = new TreeSet<>();

    private Long from;
    private long newestBefore;
    private String comment = "connected";
    private boolean started;
    private boolean behind;
    private boolean writing;
    private boolean closed;

    NotificationReader(
            long accountId,
            String tokenId,
            Instant expiresAt,
            Long lastId,
            Executor writers,
            Consumer<NotificationReader> whenGone) {
        this.accountId = accountId;
        this.tokenId = tokenId;
        this.expiresAt = expiresAt;
        this.from = lastId;
        this.writers = writers;
        this.whenGone = whenGone;
        emitter.onCompletion(this::close);
    }

    String id() {
        return id;
    }

    long accountId() {
        return accountId;
    }

    ResponseBodyEmitter emitter() {
        return emitter;
    }

    /** The reader as {@code list-missed.sql} takes it. */
    synchronized Map<String, Object> state() {
        Map<String, Object> state = new HashMap<>();
        state.put("reader", id);
        state.put("account_id", accountId);
        state.put("token_id", tokenId);
        state.put("last_id", from);
        return state;
    }

    /** Sends a new notification, unless the reader has it, or has so many to catch up with that this one's turn will come. */
    synchronized void tell(long notification, String data) {
        if (!behind) {
            offer(notification, data);
        }
    }

    /**
     * Sends a notification that the reader may have missed. Nothing is sent before {@link #caughtUp}, so that all comes in order.
     *
     * @return whether the reader had missed it
     */
    synchronized boolean offer(long notification, String data) {
        if (closed || from != null && notification <= from || !offered.add(notification)) {
            return false;
        }
        unsent.put(notification, "id: " + notification + "\ndata: " + data + "\n\n");
        if (unsent.size() > PATIENCE) {
            close();
        }
        write();
        return true;
    }

    /**
     * Everything that the database has after {@code checked} was offered. The next look begins at what was the newest at the last one: ids are given out
     * before rows are committed, so a lower id may show up after a higher one.
     */
    synchronized void caughtUp(long checked) {
        behind = false;
        settle(Math.max(checked, newestBefore), offered.stream().reduce(checked, Math::max));
    }

    /** The database has more after {@code last} than was offered now. */
    synchronized void caughtUpTo(long last) {
        behind = true;
        unsent.tailMap(last, false).clear();
        offered.removeIf(notification -> notification > last);
        settle(last, last);
    }

    private void settle(long next, long newest) {
        from = next;
        newestBefore = newest;
        offered.removeIf(notification -> notification <= next);
        started = true;
        write();
    }

    synchronized void keepAlive() {
        if (Instant.now().isAfter(expiresAt)) {
            close();
        } else {
            comment = "keepalive";
            write();
        }
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            whenGone.accept(this);
            write();
        }
    }

    private void write() {
        if (!writing && (started || closed)) {
            writing = true;
            writers.execute(this::writeAll);
        }
    }

    private void writeAll() {
        try {
            for (String next = next(); next != null; next = next()) {
                emitter.send(next, TEXT);
            }
            if (isClosed()) {
                emitter.complete();
            }
        } catch (IOException | IllegalStateException e) {
            // The reader has gone.
            close();
        }
    }

    private synchronized String next() {
        if (closed) {
            return null;
        }
        if (comment != null) {
            String line = ": " + comment + "\n\n";
            comment = null;
            return line;
        }
        writing = !unsent.isEmpty();
        return writing ? unsent.pollFirstEntry().getValue() : null;
    }

    private synchronized boolean isClosed() {
        return closed;
    }
}
