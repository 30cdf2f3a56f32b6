package io.feedroutes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.ExtractedApplication;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What everybody else sees while some clients hold many connections, with a heap of 256 MiB. */
@FeedTest
@TestInstance(Lifecycle.PER_CLASS)
class HostileClientsIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final int PATIENCE_OF_OTHERS_MILLIS = 3000;
    /** Longer than any time-out of the server. */
    private static final Duration A_SIEGE = Duration.ofSeconds(8);

    @TempDir
    static Path directory;

    private final List<Socket> hostile = new ArrayList<>();
    private ExtractedApplication application;

    @BeforeAll
    void start() throws Exception {
        ExtractedApplication.extract(JAVA, directory);
        application = ExtractedApplication.start(
                JAVA, List.of(), directory, FeedServices.get().settings(), Redirect.to(log().toFile()));
        for (int request = 0; request < 300; request++) {
            application.feed().post("/feed/listLatest", Map.of()).isOk();
            application.feed().post("/account/login", "{").isRefused(400, "");
            application.feed().post("/like/like", "{").isRefused(401, "");
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        application.close();
    }

    @AfterEach
    void leave() throws IOException {
        for (Socket socket : hostile) {
            socket.close();
        }
        hostile.clear();
    }

    @Test
    void manyStreamsOfOneAccountHoldUpNobody() throws IOException {
        Account alice = application.feed().someone();
        String stream = "GET /notification/stream?token=%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                .formatted(alice.token());
        for (int i = 0; i < 1500; i++) {
            connect(stream);
            assertThat(status(hostile.get(i))).isEqualTo("HTTP/1.1 200");
        }
        assertThat(hostile.stream().filter(HostileClientsIT::isOpen)).hasSize(12);
        othersAreAnswered();
    }

    @ParameterizedTest
    @EnabledForJreRange(
            min = JRE.JAVA_21,
            disabledReason = "Others wait for some seconds when 300 threads time out at once")
    @ValueSource(strings = {"/account/login", "/like/like", "/video/uploadVideo"})
    void slowBodiesHoldUpNobody(String path) throws IOException {
        besiegeWith(300, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{".formatted(path));
        othersAreAnswered();
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20, disabledReason = "There are as many virtual threads as slow clients")
    void afterMoreSlowBodiesThanCanBeServedAtOnceAllIsWell() throws IOException {
        besiegeWith(3500, "POST /account/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
        leave();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(this::anotherIsAnswered);
        othersAreAnswered();
    }

    @Test
    void longHeadersThatDoNotEndHoldUpNobody() throws IOException {
        besiegeWith(3000, "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + "a".repeat(12_000));
        othersAreAnswered();
    }

    @Test
    void shortHeadersThatDoNotEndHoldUpNobody() throws IOException {
        besiegeWith(3000, "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + "a".repeat(7_000));
        othersAreAnswered();
    }

    @Test
    void connectionsOnWhichNothingComesHoldUpNobody() throws IOException {
        besiegeWith(3000, "");
        othersAreAnswered();
    }

    private void besiegeWith(int connections, String request) throws IOException {
        for (int i = 0; i < connections; i++) {
            connect(request);
        }
    }

    private void connect(String request) throws IOException {
        Socket socket = new Socket("localhost", application.port());
        hostile.add(socket);
        socket.setSoTimeout(PATIENCE_OF_OTHERS_MILLIS);
        try {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
        } catch (IOException e) {
            // The server has hung up, which it may.
        }
    }

    /** Each with a connection of its own, all the time and after it. */
    private void othersAreAnswered() throws IOException {
        for (Instant end = Instant.now().plus(A_SIEGE); Instant.now().isBefore(end); ) {
            anotherIsAnswered();
        }
        leave();
        anotherIsAnswered();
        application.feed().someone();
        assertThat(Files.readAllLines(log()))
                .noneMatch(line -> line.contains("OutOfMemoryError") || line.startsWith("\tat "));
    }

    private void anotherIsAnswered() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_OF_OTHERS_MILLIS);
            socket.connect(new InetSocketAddress("localhost", application.port()), PATIENCE_OF_OTHERS_MILLIS);
            socket.getOutputStream()
                    .write(
                            "POST /feed/listLatest HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
                                    .getBytes(US_ASCII));
            assertThat(status(socket)).isEqualTo("HTTP/1.1 200");
        }
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), US_ASCII);
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path log() {
        return directory.resolve("application.log");
    }
}
