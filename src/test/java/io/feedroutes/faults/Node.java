package io.feedroutes.faults;

import io.feedroutes.support.ServiceSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node of the application as an operator starts it: a JVM of its own with a heap of 256 MiB. */
final class Node extends Server {

    static final String SECRET = "only-for-tests-and-at-least-32-bytes-long";

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(300);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(SOON).build();

    final boolean answersRequests;
    private volatile long asked;
    private volatile boolean ready;
    private final URI readiness;
    private final String url;

    private Node(Path directory, int port, int management, String role, List<String> command, Map<String, String> env) {
        super(directory, port, env, command);
        this.url = "http://127.0.0.1:" + port;
        this.readiness = URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(management));
        this.answersRequests = !"worker".equals(role);
    }

    /**
     * @param application where the jar was extracted
     * @param overlay a folder with routes and other files, which are used instead of the application's own; null for none
     * @param setting properties in the form {@code name=value}, and variables of the environment as {@code NAME=value}
     */
    static Node of(Path directory, Path application, Path overlay, ServiceSettings services, List<String> setting) {
        int port = freePort();
        int management = freePort();
        Map<String, String> properties = new TreeMap<>(services.toProperties());
        properties.putAll(Map.of(
                "server.port", String.valueOf(port),
                "management.server.port", String.valueOf(management),
                "feed.jwt-secret", SECRET,
                "feed.operator-password", "only-for-tests",
                "feed.rate-limit.enabled", "false",
                "feed.hot-score-repair-period", "2s",
                "feed.digest-window-seconds", "2",
                "feed.retry-delays", "0, 1000"));
        if (overlay != null) {
            properties.put("feed.routes-directory", "file:" + overlay.resolve("routes"));
        }
        Map<String, String> environment = new TreeMap<>();
        setting.stream()
                .map(each -> each.split("=", 2))
                .forEach(each -> (each[0].matches("[A-Z_]+") ? environment : properties).put(each[0], each[1]));
        Path jar = application.resolve("feed-routes.jar");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                // It starts sooner, and no case lasts long enough for more.
                "-XX:TieredStopAtLevel=1",
                "-cp",
                overlay == null ? jar.toString() : overlay + ":" + jar,
                "io.feedroutes.FeedRoutesApplication"));
        properties.forEach((name, value) -> command.add("--" + name + "=" + value));
        return new Node(directory, port, management, properties.get("feed.role"), command, environment);
    }

    URI uri(String path) {
        return URI.create(url + path);
    }

    /** As a load balancer knows it, which asks every now and then. */
    boolean wasReadyLately() {
        long now = System.nanoTime();
        if (now - asked > BETWEEN_QUESTIONS.toNanos()) {
            asked = now;
            ready = isAtWork() && isReady();
        }
        return ready;
    }

    /** What a load balancer asks. */
    @Override
    boolean isReady() {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(readiness).timeout(SOON).build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
