package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Operator;
import io.feedroutes.support.Routes;
import io.feedroutes.support.Video;
import java.io.File;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What Prometheus reads, on which the dashboard and the alerts in {@code examples} depend, and what the log says of an outage. */
@FeedTest
class MetricsIT {

    /** RepairIT sees them: there is none before something was mended. */
    private static final Set<String> MENDED = Set.of("feed_videos_mended_total", "feed_hot_scores_mended_total");

    private static final Pattern METRIC = Pattern.compile("\\b(\\w+_\\w+)(?:\\{(\\w+))?");

    @Autowired
    Feed feed;

    @Autowired
    Operator ops;

    /** The name of each metric, and the label by which it is chosen, if it is. */
    static Stream<String> used() throws IOException {
        return Stream.of(
                        new ObjectMapper().readTree(new File("examples/grafana-dashboard.json")),
                        new YAMLMapper().readTree(new File("examples/prometheus-alerts.yaml")))
                .flatMap(file -> file.findValues("expr").stream())
                .map(JsonNode::asText)
                .flatMap(expression -> METRIC.matcher(expression).results())
                .filter(metric -> !MENDED.contains(metric.group(1)))
                .map(metric -> metric.group(1) + (metric.group(2) == null ? "" : "\\{[^}]*" + metric.group(2) + "="))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("used")
    void whatADashboardOrAnAlertReadsIsThere(String metric) {
        feed.someone().likes(feed.someVideo()).isOk();
        feed.post("/video/getDetail", "{\"id\":0}");
        await().untilAsserted(() -> assertThat(metrics()).containsPattern("(?m)^" + metric));
    }

    @Test
    void messagesThatWaitAreCountedAndSoAreThoseWhoTakeThem(@Autowired CamelContext camel) throws Exception {
        await().untilAsserted(() -> assertThat(value("feed_queue_consumers", "queue=\"like.events\""))
                .isPositive());
        try (AutoCloseable likes = Routes.stop(camel, "like-apply")) {
            feed.someone().likes(feed.someVideo()).isOk();
            await().untilAsserted(() -> assertThat(value("feed_queue_messages", "queue=\"like.events\""))
                    .isEqualTo(1));
            assertThat(value("feed_queue_consumers", "queue=\"like.events\"")).isZero();
        }
    }

    @Test
    void messagesThatAreTakenAtOnceAreOneBatch(@Autowired CamelContext camel) throws Exception {
        Video video = feed.someVideo();
        double batches = value("feed_batch_size_count", "queue=\"like.events\"");
        double messages = value("feed_batch_size_sum", "queue=\"like.events\"");
        try (AutoCloseable likes = Routes.stop(camel, "like-apply")) {
            IntStream.range(0, 20).forEach(i -> feed.someone().likes(video).isOk());
        }
        await().untilAsserted(() -> assertThat(value("feed_batch_size_sum", "queue=\"like.events\""))
                .isEqualTo(messages + 20));
        assertThat(value("feed_batch_size_count", "queue=\"like.events\"")).isLessThan(batches + 20);
    }

    @Test
    void aBatchHasMoreMessagesThanCamelPrefetchesByItself(
            @Autowired CamelContext camel, @Autowired Broker broker, @Value("${feed.batch-size}") int batch)
            throws Exception {
        Video video = feed.someVideo();
        try (AutoCloseable changes = Routes.stop(camel, "popularity-apply")) {
            IntStream.range(0, batch)
                    .forEach(i -> broker.publishChange("change-%d-%d".formatted(video.id(), i), video, 1));
        }
        await().untilAsserted(() -> assertThat(video.hotScore()).isEqualTo(batch));
        assertThat(value("feed_batch_size_max", "queue=\"video.popularity.events\""))
                .isGreaterThan(new SpringRabbitMQComponent().getPrefetchCount());
    }

    @Test
    void whatIsStoredWithoutTheBrokerIsCounted() {
        double stored = stored();
        Video video = feed.someVideo();
        FeedServices.get().broker().down();
        IntStream.range(0, 10).forEach(i -> feed.someone().likes(video).isOk());
        assertThat(stored()).isEqualTo(stored + 10);
    }

    private double stored() {
        return value("resilience4j_circuitbreaker_calls_seconds_count", "kind=\"failed\",name=\"like-broker\"")
                + value(
                        "resilience4j_circuitbreaker_not_permitted_calls_total",
                        "kind=\"not_permitted\",name=\"like-broker\"");
    }

    @Test
    void whatIsRefusedIsCountedByItsStatus() {
        double before = value("feed_problems_total", "status=\"404\"");
        feed.post("/video/getDetail", "{\"id\":999999999}").isRefused(404, "");
        assertThat(value("feed_problems_total", "status=\"404\"")).isEqualTo(before + 1);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whatGoesAwayAndComesBackIsSaidOnceEach(CapturedOutput log) {
        await().untilAsserted(() -> assertThat(value("feed_parts_total", "part=\"database\",status=\"UP\""))
                .isPositive());
        double looks = value("feed_parts_total", "part=\"database\",status=\"DOWN\"");
        FeedServices.get().database().down();
        await().untilAsserted(() -> assertThat(value("feed_parts_total", "part=\"database\",status=\"DOWN\""))
                .isGreaterThan(looks + 2));
        FeedServices.get().database().up();
        String back = "The broker is UP, the database is UP, Redis is UP";
        await().untilAsserted(() -> assertThat(log.toString()).contains(back));
        String[] said = log.toString().split("the database is ");
        assertThat(said).hasSize(3);
        assertThat(said[1]).startsWith("DOWN").doesNotContain("goes on", "did not run");
    }

    private String metrics() {
        return ops.get("/actuator/prometheus").isOk().text();
    }

    /** The sum of the samples of a metric with these labels. */
    private double value(String metric, String labels) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(metric + "{")
                        && Stream.of(labels.split(",")).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
