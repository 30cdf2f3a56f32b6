package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.feedroutes.support.AtOnce;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Collector;
import io.feedroutes.support.Collector.Span;
import io.feedroutes.support.ExtractedApplication;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.telemetry.Tracer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** The traces of a node with the profile {@code traces}, as a collector gets them. */
@FeedTest
class TracesIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    static Path directory;

    private static Collector collector;
    private static AutoCloseable consumerWithoutTraces;
    private static ExtractedApplication node;

    @Autowired
    ObjectMapper json;

    @BeforeAll
    static void start(@Autowired CamelContext camel) throws Exception {
        consumerWithoutTraces = Routes.stop(camel, "like-apply");
        collector = new Collector();
        ExtractedApplication.extract(JAVA, directory);
        node = ExtractedApplication.start(
                JAVA,
                List.of(
                        "-Dspring.profiles.active=traces",
                        "-DOTEL_EXPORTER_OTLP_ENDPOINT=" + collector.url(),
                        "-Dlogging.structured.format.console=ecs",
                        "-Dcamel.mdc.enabled=true",
                        "-Dlogging.level.org.springframework.jdbc.core.JdbcTemplate=debug"),
                directory,
                FeedServices.get().settings(),
                Redirect.to(log().toFile()));
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
        collector.close();
        consumerWithoutTraces.close();
    }

    private static Path log() {
        return directory.resolve("node.log");
    }

    @Test
    void aLikeIsOneTraceFromTheRequestToTheStatementsOfItsConsumer() {
        String trace = traceOfALike(node.feed().someVideo());
        await().untilAsserted(() -> assertThat(pathsOf(trace))
                .contains(
                        "POST /like/like > sql/like/find-pair.sql",
                        "POST /like/like > like.events > like-apply > sql/like/apply-events.sql")
                .hasSizeLessThan(20)
                .allMatch(path -> path.startsWith("POST /like/like")));
    }

    @Test
    void aConsumerOfManyMessagesIsLinkedToTheTraceOfEach() {
        Video video = node.feed().someVideo();
        Set<String> traces = new HashSet<>();
        await().untilAsserted(() -> {
            traces.addAll(AtOnce.times(20, i -> traceOfALike(video)));
            assertThat(collector.spans())
                    .filteredOn(span ->
                            span.name().equals("like-apply") && span.parent().isEmpty())
                    .anySatisfy(span ->
                            assertThat(span.links()).hasSizeGreaterThan(1).isSubsetOf(traces));
        });
    }

    @Test
    void theStatementsOfSchedulesAreNotExported() {
        String trace = traceOfALike(node.feed().someVideo());
        await().untilAsserted(() -> assertThat(pathsOf(trace)).isNotEmpty());
        assertThat(collector.spans())
                .filteredOn(span -> span.parent().isEmpty())
                .extracting(Span::name)
                .noneMatch(name -> name.startsWith("sql/"));
    }

    @Test
    void noMetricNamesATraceForAnOlderPrometheusRefusesAllMetricsThen() {
        traceOfALike(node.feed().someVideo());
        assertThat(node.management()
                        .get("/actuator/prometheus", Map.of("Accept", "application/openmetrics-text;version=1.0.0"))
                        .text())
                .contains("camel_route_policy_seconds_count")
                .doesNotContain("trace_id");
    }

    @Test
    void theLinesOfALikeSayItsTrace() {
        String trace = traceOfALike(node.feed().someVideo());
        await().untilAsserted(() -> assertThat(lines())
                .filteredOn(line -> line.path("traceId").asText().equals(trace))
                .extracting(line -> line.at("/process/thread/name").asText())
                .contains("like.events-1")
                .anyMatch(thread -> thread.startsWith("http-nio")));
    }

    @Test
    void withoutTheProfileNothingIsTraced(
            @Autowired ApplicationContext context, @Autowired Feed feed, @Autowired Broker broker) {
        String copy = broker.copyOf("like.events");
        feed.someone().likes(feed.someVideo()).isOk();
        assertThat(broker.take(copy).getMessageProperties().getHeaders()).doesNotContainKey("traceparent");
        assertThat(List.<Map<String, ?>>of(
                        context.getBeansOfType(Tracer.class), context.getBeansOfType(OpenTelemetry.class)))
                .allMatch(Map::isEmpty);
        broker.deleteCopies();
    }

    /** @return the second part of the header {@code traceparent} of the answer */
    private static String traceOfALike(Video video) {
        return node.feed()
                .someone()
                .likes(video)
                .isOk()
                .headers()
                .firstValue("traceparent")
                .orElseThrow()
                .split("-")[1];
    }

    /** The spans of a trace, each with those above it. */
    private static List<String> pathsOf(String trace) {
        return collector.spans().stream()
                .filter(span -> span.trace().equals(trace))
                .map(TracesIT::path)
                .toList();
    }

    private static String path(Span span) {
        return collector.spans().stream()
                .filter(other -> other.id().equals(span.parent()))
                .findFirst()
                .map(parent -> path(parent) + " > " + span.name())
                .orElse(span.name());
    }

    private List<JsonNode> lines() throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.map(this::line).toList();
        }
    }

    private JsonNode line(String line) {
        try {
            return json.readTree(line);
        } catch (IOException e) {
            return json.nullNode();
        }
    }
}
