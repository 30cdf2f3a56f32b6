package io.feedroutes.notification;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.PriorityBlockingQueue;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** One stream, as {@code list-missed.sql} takes it. A reader who is slow is disconnected, and comes back with the id of the last notification that arrived. */
final class NotificationReader {

    private static final int PATIENCE = 1000;
    private static final JsonNode SIGN_OF_LIFE = NullNode.getInstance();

    @JsonProperty("account_id")
    final long accountId;

    @JsonProperty("token_id")
    private final String tokenId;
    /** All up to this one were sent, or were there before the reader. */
    @JsonProperty("last_id")
    private volatile Long settled;
    /** What was sent, or waits, after {@link #settled}. */
    private final NavigableSet<Long> offered = new ConcurrentSkipListSet<>();

    private final Queue<JsonNode> unsent = new PriorityBlockingQueue<>(11, comparing(NotificationReader::id));
    private final Sinks.Many<JsonNode> stream = Sinks.many().unicast().onBackpressureBuffer(unsent);
    private Long newestBefore;
    private boolean behind;

    NotificationReader(Jwt token, Long lastId) {
        this.accountId = token.<Number>getClaim("account_id").longValue();
        this.tokenId = token.getId();
        this.settled = lastId;
    }

    /** What comes while the stream opens does not count, for it is offered again in its turn. */
    @JsonProperty("offered")
    synchronized int offered() {
        return newestBefore == null ? 0 : offered.size();
    }

    /** What was told before somebody subscribes comes in order. */
    Flux<ServerSentEvent<String>> events() {
        return stream.asFlux().map(NotificationReader::event).startWith(comment("connected"));
    }

    /** Sends a notification, unless the reader has it, or has so many to catch up with that this one's turn will come. */
    synchronized void tell(JsonNode notification) {
        if (!behind && (settled == null || id(notification) > settled) && offered.add(id(notification))) {
            send(notification);
        }
    }

    /**
     * Sends what the reader has missed, and settles what was the newest at the last look: ids are given out before rows are committed, so a lower id
     * may show up after a higher one.
     *
     * @param rows what {@code list-missed.sql} says of the reader; nothing when the session has ended
     */
    synchronized void catchUp(List<ObjectNode> rows) {
        if (rows.isEmpty()) {
            end();
            return;
        }
        JsonNode last = rows.get(rows.size() - 1);
        long asked = last.get("last_id").asLong();
        long newest = last.path("id").asLong(asked);
        behind = false;
        rows.stream()
                .filter(row -> row.hasNonNull("id"))
                .map(row -> row.deepCopy().remove(List.of("reader", "last_id", "behind")))
                .forEach(this::tell);
        behind = last.get("behind").asBoolean();
        unsent.removeIf(waiting -> behind && id(waiting) > newest && offered.remove(id(waiting)));
        settled = newestBefore == null ? asked : newestBefore;
        newestBefore = newest;
        offered.headSet(settled, true).clear();
    }

    /** @return whether to look for what was missed, which is first done when the stream opens */
    synchronized boolean keepAlive() {
        send(SIGN_OF_LIFE);
        return newestBefore != null;
    }

    synchronized void end() {
        stream.tryEmitComplete();
    }

    private void send(JsonNode notification) {
        stream.tryEmitNext(notification);
        if (unsent.size() > PATIENCE) {
            end();
        }
    }

    private static long id(JsonNode notification) {
        return notification.path("id").asLong();
    }

    private static ServerSentEvent<String> event(JsonNode notification) {
        return notification == SIGN_OF_LIFE
                ? comment("keepalive")
                : ServerSentEvent.builder(" " + notification)
                        .id(" " + id(notification))
                        .build();
    }

    /** Spring writes no space after a colon. */
    private static ServerSentEvent<String> comment(String text) {
        return ServerSentEvent.<String>builder().comment(" " + text).build();
    }
}
