package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Whatever a client sends to any operation of the contract, it is answered, and neither the answer nor the log repeats it. */
@FeedTest
class FuzzIT {

    private static final Path ROUTES = Path.of("routes");
    /** Of each operation; with {@code -Dfuzz.bodies=2000} it takes some minutes. */
    private static final int BODIES = Integer.getInteger("fuzz.bodies", 60);

    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final String CANARY = "canary-5f0e1b";
    /** The names of the threads on which requests are answered, without and with virtual threads. */
    private static final String A_REQUEST = "http-nio-.*|tomcat-handler-.*";

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"0\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"%s\"".formatted("长".repeat(5000)),
            "\"%s\"".formatted(" ".repeat(16_000) + "x"),
            "\"${exchangeProperty.x}{{sys:user.dir}}\"",
            "\"'; DROP TABLE videos; --\"",
            "\"a\\nb\\tc\"",
            "\"2026-01-01T00:00:00Z\"",
            "\"9999-99-99T99:99:99Z\"",
            "\"javascript:alert(1)\"",
            "\"/a.mp4\"",
            "\"http://[::1\"",
            "0",
            "-0",
            "1",
            "-1",
            "1.5",
            "1e19",
            "-1e19",
            "1e308",
            "1e400",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "[]",
            "{}",
            "[[[1]]]",
            "{\"a\":{\"b\":[]}}");

    private static final List<byte[]> BODIES_OF_NO_OPERATION = List.of(
            new byte[0],
            bytes("null"),
            bytes("[]"),
            bytes("1"),
            bytes("\"a\""),
            bytes("{"),
            bytes("{\"id\":"),
            bytes("{}{}"),
            bytes("{\"id\":1,\"id\":2}"),
            bytes("{id:1}"),
            bytes("NaN"),
            bytes("\uFEFF{}"),
            bytes("[".repeat(20_000)),
            bytes("{\"a\":".repeat(5_000)),
            "{\"id\":1}".getBytes(UTF_16),
            new byte[] {
                '{', '"', 'u', 's', 'e', 'r', 'n', 'a', 'm', 'e', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'
            },
            new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0},
            new byte[] {0, 0, 0, 0});

    @Autowired
    Feed feed;

    @Value("${local.server.port}")
    int port;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        rootLogger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        rootLogger().detachAppender(log);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anythingIsAnswered(String path, List<String> fields) {
        Account account = feed.someone();
        Map<String, String> headers = Map.of(
                "Authorization", "Bearer " + account.token(), "Content-Type", "application/json", "X-Canary", CANARY);
        Random random = new Random(SEED + path.hashCode());
        List<byte[]> bodies = new ArrayList<>(BODIES_OF_NO_OPERATION);
        while (bodies.size() < BODIES) {
            bodies.add(bytes(fields.stream()
                    .filter(field -> random.nextInt(10) > 0)
                    .map(field -> "\"%s\":%s".formatted(field, VALUES.get(random.nextInt(VALUES.size()))))
                    .collect(Collectors.joining(",", "{", "}"))));
        }
        for (byte[] body : bodies) {
            Answer answer = feed.post(path, body, headers);
            assertThat(answer.status())
                    .as("%s %s", new String(body, UTF_8), answer.text())
                    .isLessThan(500);
            assertThat(answer.text() + answer.headers()).doesNotContain(CANARY, account.token());
        }
        List<ILoggingEvent> logged = List.copyOf(log.list).stream()
                .filter(event -> event.getThreadName().matches(A_REQUEST))
                .toList();
        assertThat(logged).hasSizeLessThan(bodies.size()).allSatisfy(event -> {
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(event.getFormattedMessage()).doesNotContain(CANARY, account.token());
        });
    }

    @ParameterizedTest
    @MethodSource("texts")
    void halfACharacterIsRefusedWhereverATextMayBe(String path, String field, String body) {
        feed.post(path, body, Map.of("Authorization", "Bearer " + feed.someone().token()))
                .isRefused(400, field);
    }

    /** Each text that an operation takes, with a body in which nothing else is wrong. */
    static Stream<Arguments> texts() {
        return schemas().entrySet().stream()
                .flatMap(schema -> schema.getValue()
                        .get("properties")
                        .propertyStream()
                        .filter(field -> field.getValue().get("type").toString().contains("string"))
                        .map(field -> Arguments.of(
                                schema.getKey(), field.getKey(), bodyWith(schema.getValue(), field.getKey()))));
    }

    private static String bodyWith(JsonNode schema, String field) {
        return Stream.concat(
                        Stream.of("\"%s\":\"/\\ud800\"".formatted(field)),
                        schema.path("required")
                                .valueStream()
                                .map(JsonNode::textValue)
                                .filter(name -> !name.equals(field))
                                .map(name -> "\"%s\":%s"
                                        .formatted(
                                                name,
                                                schema.at("/properties/" + name + "/type")
                                                                .textValue()
                                                                .equals("integer")
                                                        ? "1"
                                                        : "\"/a\"")))
                .collect(Collectors.joining(",", "{", "}"));
    }

    @ParameterizedTest
    @MethodSource("noHttp")
    void whatIsNoHttpIsRefused(String request) throws IOException {
        feed.get("/healthz").isOk();
        log.list.clear();
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).matches("(?s)HTTP/1.1 (4|501).*").doesNotContain(CANARY);
        }
        assertThat(List.copyOf(log.list)).hasSizeLessThan(2).allSatisfy(event -> {
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(event.getFormattedMessage()).doesNotContain(CANARY);
        });
    }

    static Stream<String> noHttp() {
        String rest = "Host: a\r\nConnection: close\r\n\r\n";
        return Stream.of(
                        "%1$s\r\n\r\n",
                        "%1$s %1$s %1$s\r\n" + rest,
                        "\u0016\u0003\u0001 %1$s\r\n" + rest,
                        "GET /notification/stream?token=%1$s|{} HTTP/1.1\r\n" + rest,
                        "GET /notification/stream?token=%1$s%%zz HTTP/1.1\r\n" + rest,
                        "GET /static/%%zz%1$s HTTP/1.1\r\n" + rest,
                        "GET /%1$s HTTP/%1$s\r\n" + rest,
                        "GET /%1$s HTTP/1.1\r\n\r\n",
                        "GET /notification/list HTTP/1.1\r\n%1$s %1$s: a\r\n" + rest,
                        "GET /notification/list HTTP/1.1\r\nCookie: a=\u0001%1$s; \"%1$s\r\n" + rest,
                        "GET /notification/list HTTP/1.1\r\nAuthorization: Bearer \u0001%1$s\r\n" + rest,
                        "GET /notification/list HTTP/1.1\r\nX: \u0000%1$s\r\n" + rest,
                        "POST /like/like HTTP/1.1\r\nContent-Length: %1$s\r\n" + rest,
                        "POST /like/like HTTP/1.1\r\nContent-Length: -1\r\nX: %1$s\r\n" + rest,
                        "POST /like/like HTTP/1.1\r\nTransfer-Encoding: %1$s\r\n" + rest,
                        "POST /like/like HTTP/1.1\r\nContent-Type: %1$s;charset=%1$s\r\nContent-Length: 2\r\n" + rest
                                + "{}",
                        "POST /account/login HTTP/1.1\r\nContent-Type: %1$s;charset=%1$s\r\nContent-Length: 2\r\n"
                                + rest + "{}",
                        "POST /account/login HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 13\r\n" + rest
                                + "%1$s",
                        "POST /account/login HTTP/1.1\r\nExpect: %1$s\r\nContent-Length: 2\r\n" + rest + "{}",
                        "GET /healthz HTTP/1.1\r\nHost: %1$s/%1$s@\r\nConnection: close\r\n\r\n",
                        "GET /healthz HTTP/1.1\r\nX: %1$s".formatted("%1$s".repeat(2000)) + "\r\n" + rest)
                .map(request -> request.formatted(CANARY));
    }

    /** Each operation that takes JSON, with the fields that it may have. */
    static Stream<Arguments> operations() {
        return schemas().entrySet().stream()
                .map(schema -> Arguments.of(
                        schema.getKey(),
                        schema.getValue()
                                .get("properties")
                                .propertyStream()
                                .map(Map.Entry::getKey)
                                .toList()));
    }

    /** Of each operation that takes JSON. */
    private static Map<String, JsonNode> schemas() {
        JsonNode contract = read(ROUTES.resolve("feed.openapi.yaml"));
        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        contract.get("paths").forEachEntry((path, methods) -> {
            JsonNode body = methods.at("/post/requestBody");
            JsonNode named =
                    body.has("$ref") ? contract.at(body.get("$ref").textValue().substring(1)) : body;
            JsonNode schema = named.at("/content/application~1json/schema");
            if (schema.has("$ref")) {
                schemas.put(path, read(ROUTES.resolve(schema.get("$ref").textValue())));
            }
        });
        assertThat(schemas).hasSizeGreaterThan(25);
        return schemas;
    }

    private static JsonNode read(Path file) {
        try {
            return new YAMLMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
