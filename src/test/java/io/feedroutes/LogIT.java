package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.feedroutes.support.Account;
import io.feedroutes.support.Broker;
import io.feedroutes.support.ExtractedApplication;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** The log in JSON, as a collector of logs reads it. */
@FeedTest
class LogIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Autowired
    ObjectMapper json;

    @Test
    void aLineOfJsonNamesTheEventAndSaysNothingOfItsBodyOrOfAToken(
            @Autowired CamelContext camel, @Autowired Broker broker, @TempDir Path directory) throws Exception {
        Path log = directory.resolve("start.log");
        ExtractedApplication.extract(JAVA, directory);
        String id = UUID.randomUUID().toString();
        try (AutoCloseable here = Routes.stop(camel, "like-apply");
                ExtractedApplication node = ExtractedApplication.start(
                        JAVA,
                        List.of("-Dlogging.structured.format.console=ecs", "-Dcamel.mdc.enabled=true"),
                        directory,
                        FeedServices.get().settings(),
                        Redirect.to(log.toFile()))) {
            Account alice = node.feed().someone();
            alice.likes(node.feed().someVideo()).isOk();
            broker.publishAs(id, "like.events", "like.like", "{\"secret\":\"of somebody\"}");
            await().untilAsserted(() -> assertThat(lines(log))
                    .anySatisfy(
                            line -> assertThat(line.path("event_id").asText()).isEqualTo(id)));
            assertThat(Files.readString(log)).doesNotContain("of somebody", alice.token());
        }
    }

    private List<JsonNode> lines(Path log) throws IOException {
        return Files.readAllLines(log).stream().map(this::line).toList();
    }

    private JsonNode line(String line) {
        try {
            return json.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
