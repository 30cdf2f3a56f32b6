package io.feedroutes.support;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** The application as its clients see it, and what it leaves in the database and in Redis. */
@TestComponent
public final class Feed {

    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    final ObjectMapper json;
    private final Environment environment;
    private final String port;
    final JdbcTemplate database;
    final StringRedisTemplate redis;

    @Autowired
    Feed(ObjectMapper json, Environment environment, JdbcTemplate database, StringRedisTemplate redis) {
        this(json, environment, "local.server.port", database, redis);
    }

    private Feed(
            ObjectMapper json, Environment environment, String port, JdbcTemplate database, StringRedisTemplate redis) {
        this.json = json;
        this.environment = environment;
        this.port = port;
        this.database = database;
        this.redis = redis;
    }

    /** A port of a node, whose database and Redis nobody looks into. */
    Feed(ObjectMapper json, Environment node, String port) {
        this(json, node, port, null, null);
    }

    /** The same services behind another node of the application. */
    public Feed at(Environment node) {
        return new Feed(json, node, database, redis);
    }

    /** A new account, logged in. */
    public Account someone() {
        String name = "account-" + NAMES.incrementAndGet();
        String password = UUID.randomUUID().toString();
        post("/account/register", Map.of("username", name, "password", password))
                .isOk();
        Answer login = post("/account/login", Map.of("username", name, "password", password));
        login.isOk();
        return new Account(
                this,
                login.json().get("account_id").asLong(),
                name,
                password,
                login.json().get("token").asText());
    }

    /** A new video of a new account. */
    public Video someVideo() {
        return someone().publishes("a title");
    }

    /** A request without a token. The body is sent as JSON; a string is sent as it is. */
    public Answer post(String path, Object body) {
        return post(path, body, Map.of());
    }

    /** A request with additional headers. */
    public Answer post(String path, Object body, Map<String, String> headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body instanceof String text ? text : json.writeValueAsString(body)));
            headers.forEach(request::setHeader);
            return send(request.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request with a body as it is, and headers, that of its type among them. */
    public Answer post(String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    /** A request with a file in the field {@code file} of a form, and additional headers. */
    public Answer upload(String path, String name, byte[] content, Map<String, String> headers) {
        return upload(path, Map.of(), name, content, headers);
    }

    /** A request with texts in the fields of a form and a file in its field {@code file}, and additional headers. */
    public Answer upload(
            String path, Map<String, String> fields, String name, byte[] content, Map<String, String> headers) {
        String head = fields.entrySet().stream()
                .map(field -> "--file\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                        .formatted(field.getKey(), field.getValue()))
                .collect(Collectors.joining(
                        "",
                        "",
                        "--file\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n"));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "multipart/form-data; boundary=file")
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString(head),
                        BodyPublishers.ofByteArray(content),
                        BodyPublishers.ofString("\r\n--file--\r\n")));
        headers.forEach(request::header);
        return send(request.build());
    }

    /** A request with a text as it is, and headers, that of its type among them. */
    public Answer form(String path, String body, Map<String, String> headers) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** A HEAD without a token. */
    public Answer head(String path) {
        return send(HttpRequest.newBuilder(uri(path))
                .method("HEAD", BodyPublishers.noBody())
                .build());
    }

    /** A GET without a token. */
    public Answer get(String path) {
        return get(path, Map.of());
    }

    /** A GET with headers. */
    public Answer get(String path, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        headers.forEach(request::setHeader);
        return send(request.build());
    }

    /** A DELETE without a token. */
    public Answer delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE().build());
    }

    private Answer send(HttpRequest request) {
        try {
            long start = System.nanoTime();
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Answer(response, Duration.ofNanos(System.nanoTime() - start), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + environment.getRequiredProperty(port) + path);
    }
}
