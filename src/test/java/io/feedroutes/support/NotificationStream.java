package io.feedroutes.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A client of {@code GET /notification/stream}, which remembers every line that came. */
public final class NotificationStream implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpResponse<InputStream> response;
    private final ObjectMapper json;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    /** One server-sent event. */
    public record Event(long id, JsonNode notification) {}

    private NotificationStream(HttpResponse<InputStream> response, ObjectMapper json) {
        this.response = response;
        this.json = json;
        Thread reader = new Thread(this::read, "notification-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Connects; returns when the headers of the answer are there, and fails when they are not within three seconds. */
    public static NotificationStream open(Feed node, String query, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.uri("/notification/stream" + query));
        request.timeout(Duration.ofSeconds(3));
        headers.forEach(request::header);
        try {
            return new NotificationStream(HTTP.send(request.build(), BodyHandlers.ofInputStream()), node.json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Connects as an account, at the node that the account uses. */
    public static NotificationStream of(Account account) {
        return open(account.feed(), "", Map.of("Authorization", "Bearer " + account.token()));
    }

    /** Connects again, after the event with this id. */
    public static NotificationStream of(Account account, long lastEventId) {
        return open(
                account.feed(),
                "",
                Map.of("Authorization", "Bearer " + account.token(), "Last-Event-ID", Long.toString(lastEventId)));
    }

    /** The status code. */
    public int status() {
        return response.statusCode();
    }

    /** A header of the answer, or nothing. */
    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The lines that have come. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Whether the server has ended the stream. */
    public boolean ended() {
        return ended;
    }

    /** The events that have come, in this order. */
    public List<Event> events() {
        List<String> here = lines();
        List<Long> ids = ids(here.stream());
        List<String> data = values(here.stream(), "data: ").toList();
        return IntStream.range(0, data.size())
                .mapToObj(i -> new Event(ids.get(i), parse(data.get(i))))
                .toList();
    }

    /** The ids of the events that have come, in this order. */
    public List<Long> ids() {
        return ids(lines.stream());
    }

    /** The ids of the events in lines that came. */
    public static List<Long> ids(Stream<String> lines) {
        return values(lines, "id: ").map(Long::valueOf).toList();
    }

    private static Stream<String> values(Stream<String> lines, String field) {
        return lines.filter(line -> line.startsWith(field)).map(line -> line.substring(field.length()));
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // The stream was closed.
        }
        ended = true;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
