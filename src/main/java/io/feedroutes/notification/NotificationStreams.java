package io.feedroutes.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The readers who are connected to this node, and what is handed to them. */
@Component("notificationStreams")
public final class NotificationStreams {

    /** How many missed notifications of a reader {@code list-missed.sql} lists at once. */
    private static final int MOST_MISSED = 200;

    private final Map<String, NotificationReader> readers = new ConcurrentHashMap<>();
    private final Map<Long, Set<NotificationReader>> byAccount = new ConcurrentHashMap<>();
    private final Executor writers;
    private final ObjectMapper json;

    NotificationStreams(SimpleAsyncTaskExecutorBuilder executors, ObjectMapper json) {
        this.writers = executors.threadNamePrefix("notification-writer-").build();
        this.json = json;
    }

    NotificationReader open(long accountId, String tokenId, Instant expiresAt, Long lastId) {
        NotificationReader reader =
                new NotificationReader(accountId, tokenId, expiresAt, lastId, writers, this::forget);
        readers.put(reader.id(), reader);
        byAccount.compute(accountId, (account, others) -> {
            Set<NotificationReader> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(reader);
            return all;
        });
        return reader;
    }

    private void forget(NotificationReader reader) {
        readers.remove(reader.id());
        byAccount.computeIfPresent(reader.accountId(), (account, others) -> {
            others.remove(reader);
            return others.isEmpty() ? null : others;
        });
    }

    /**
     * Hands new notifications to their recipients, as far as they are connected to this node.
     *
     * @param messages what came from the exchange {@code notification.live}
     */
    public void tell(@Body List<Map<String, List<Map<String, Object>>>> messages) {
        messages.stream()
                .flatMap(message -> message.get("notifications").stream())
                .forEach(notification -> byAccount
                        .getOrDefault(number(notification, "recipient_id"), Set.of())
                        .forEach(reader -> reader.tell(number(notification, "id"), text(notification))));
    }

    /** @return the readers as {@code list-missed.sql} takes them; each was sent a sign of life, and those whose token has expired are gone */
    public List<Map<String, Object>> keepAlive() {
        readers.values().forEach(NotificationReader::keepAlive);
        return readers.values().stream().map(NotificationReader::state).toList();
    }

    /**
     * Hands readers what they have missed, and ends the streams of those whom the database does not know any more.
     *
     * @param asked the readers who were looked for
     * @param rows what {@code list-missed.sql} says of them
     */
    public void catchUp(@Variable("readers") List<Map<String, Object>> asked, @Body List<Map<String, Object>> rows) {
        Map<Object, List<Map<String, Object>>> known =
                rows.stream().collect(Collectors.groupingBy(row -> row.get("reader")));
        for (Map<String, Object> one : asked) {
            NotificationReader reader = readers.get((String) one.get("reader"));
            if (reader != null) {
                catchUp(reader, known.getOrDefault(reader.id(), List.of()));
            }
        }
    }

    private void catchUp(NotificationReader reader, List<Map<String, Object>> rows) {
        long missed = rows.stream()
                .filter(row -> row.get("id") != null)
                .filter(row -> reader.offer(number(row, "id"), text(notification(row))))
                .count();
        if (rows.isEmpty()) {
            reader.close();
        } else if (rows.size() < MOST_MISSED || missed == 0) {
            reader.caughtUp(number(rows.get(0), "last_id"));
        } else {
            reader.caughtUpTo(number(rows.get(rows.size() - 1), "id"));
        }
    }

    private static Map<String, Object> notification(Map<String, Object> row) {
        Map<String, Object> notification = new LinkedHashMap<>(row);
        notification.keySet().removeAll(Set.of("reader", "last_id", "place"));
        return notification;
    }

    /** Otherwise the server would wait for the readers to leave before it stops. */
    @EventListener(ContextClosedEvent.class)
    void closeAll() {
        readers.values().forEach(NotificationReader::close);
    }

    private String text(Map<String, Object> notification) {
        try {
            return json.writeValueAsString(notification);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(Map<String, Object> row, String name) {
        return ((Number) row.get(name)).longValue();
    }
}
