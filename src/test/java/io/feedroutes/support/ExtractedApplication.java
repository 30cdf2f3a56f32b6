package io.feedroutes.support;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.mock.env.MockEnvironment;

/** The application as the image has it: extracted from its jar, in a process of its own. */
public final class ExtractedApplication implements AutoCloseable {

    /** A JVM that records what it learns is slow, above all on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Process process;
    private final int port;
    private final Feed feed;
    private final Feed management;

    private ExtractedApplication(Process process, int port, int managementPort) {
        this.process = process;
        this.port = port;
        MockEnvironment node = new MockEnvironment()
                .withProperty("local.server.port", String.valueOf(port))
                .withProperty("local.management.port", String.valueOf(managementPort));
        this.feed = new Feed(new ObjectMapper(), node, "local.server.port");
        this.management = new Feed(new ObjectMapper(), node, "local.management.port");
    }

    /** Extracts {@code target/feed-routes.jar} into a directory. */
    public static void extract(String java, Path directory) throws IOException, InterruptedException {
        Process extract = new ProcessBuilder(
                        java,
                        "-Djarmode=tools",
                        "-jar",
                        "target/feed-routes.jar",
                        "extract",
                        "--force",
                        "--destination",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        if (extract.waitFor() != 0) {
            throw new IOException("target/feed-routes.jar cannot be extracted");
        }
    }

    /** Starts what is in {@code directory} with a java program and its options, and returns when it answers. */
    public static ExtractedApplication start(
            String java, List<String> options, Path directory, ServiceSettings services, Redirect output)
            throws IOException {
        int port = NativeServer.freePort();
        int managementPort = NativeServer.freePort();
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(options);
        command.addAll(List.of(
                "-jar",
                directory.resolve("feed-routes.jar").toString(),
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--feed.jwt-secret=only-for-tests-and-at-least-32-bytes-long",
                "--feed.operator-password=only-for-tests",
                "--feed.rate-limit.enabled=false"));
        services.toProperties().forEach((name, value) -> command.add("--" + name + "=" + value));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        ExtractedApplication application = new ExtractedApplication(process, port, managementPort);
        application.awaitAnswer();
        return application;
    }

    public Feed feed() {
        return feed;
    }

    /** Its management port, for who has no password. */
    public Feed management() {
        return management;
    }

    public int port() {
        return port;
    }

    private void awaitAnswer() {
        try {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .failFast("the application ended", () -> !process.isAlive())
                    .until(() -> feed.get("/healthz").status() == 200);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Stops it and waits until its JVM has ended. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
