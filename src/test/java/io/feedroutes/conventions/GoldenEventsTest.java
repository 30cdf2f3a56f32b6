package io.feedroutes.conventions;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.feedroutes.conventions.Project.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden events and tasks are what docs/messaging.md shows and what the consumers take. A file {@code <routing key>.go.json} is as
 * Go sends it.
 */
class GoldenEventsTest {

    private static final Project PROJECT = Project.of(Path.of(""));

    static Stream<Text> events() {
        return PROJECT.texts("src/test/resources/events/*.json");
    }

    @ParameterizedTest
    @MethodSource("events")
    void aConsumerTakesTheEvent(Text event) {
        assertThat(violations(event, event.text())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("events")
    void aConsumerTakesNoEventThatLacksAField(Text event) {
        assertThat(violations(
                        event,
                        event.text()
                                .replaceFirst(
                                        "\"(video_id|VideoID|comment_id|vlogger_id|title|publication_id)\"",
                                        "\"no_$1\"")))
                .isNotEmpty();
    }

    @Test
    void thePageShowsTheEventOfEveryRoutingKey() {
        assertThat(rows("(?m)^\\| `([a-z._]+)` \\|(?: `[a-z.]+`)? \\| `(\\{.*})` \\|$"))
                .isEqualTo(events().filter(event -> !isGo(event))
                        .collect(toMap(
                                GoldenEventsTest::routingKey,
                                event -> event.text().strip())));
    }

    @Test
    void thePageShowsTheTopology() {
        List<String> declared = PROJECT.properties().get("feed", "topology").parts().stream()
                .map(GoldenEventsTest::row)
                .toList();
        assertThat(
                        page("(?m)^(\\|( `[a-z._]+`)? \\|( `[a-z.]+[*]?`)? \\| `[a-z0-9._]+(<node>)?` \\|( `[a-z._]+`)? \\|)")
                                .map(row -> row.group(1)))
                .containsExactlyElementsOf(declared);
    }

    private static String row(Part route) {
        String queue = route.get("queue").text();
        boolean perNode = route.get("per-node").text().equals("true");
        boolean hasDeadLetters = !perNode && route.get("arguments").parts().isEmpty();
        return "|%s |%s | `%s` |%s |"
                .formatted(
                        route.get("exchange").text().replaceFirst(".+", " `$0`"),
                        route.get("key").text().replaceFirst(".+", " `$0`"),
                        perNode ? queue + ".<node>" : queue,
                        hasDeadLetters ? " `" + queue + ".dlq`" : "");
    }

    private static Map<String, String> rows(String pattern) {
        return page(pattern).collect(toMap(row -> row.group(1), row -> row.group(2)));
    }

    private static Stream<MatchResult> page(String pattern) {
        return PROJECT.texts("docs/messaging.md")
                .flatMap(page -> Pattern.compile(pattern).matcher(page.text()).results());
    }

    private static Iterable<?> violations(Text event, String body) {
        return JsonSchemaFactory.getInstance(VersionFlag.V7)
                .getSchema(PROJECT.root()
                        .resolve("routes/schemas/" + noun(routingKey(event)) + "-events.schema.json")
                        .toUri())
                .validate("[" + body + "]", InputFormat.JSON);
    }

    /** {@code like} of {@code like.unlike}, {@code timeline} of {@code video.timeline.publish}, {@code post} of the queue {@code post_queue}. */
    private static String noun(String routingKey) {
        return routingKey.replaceFirst("[._][a-z]+$", "").replaceFirst(".*[.]", "");
    }

    private static String routingKey(Text event) {
        return event.name().replaceFirst("([.]go)?[.]json$", "");
    }

    private static boolean isGo(Text event) {
        return event.name().endsWith(".go.json");
    }
}
