package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.ExtractedApplication;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed application as it is started in production. */
@FeedTest
class StartIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path directory;

    @Test
    void itStartsExtractedAndSaysLittle() throws Exception {
        Path log = directory.resolve("start.log");
        ExtractedApplication.extract(JAVA, directory);
        try (ExtractedApplication application = ExtractedApplication.start(
                JAVA, List.of(), directory, FeedServices.get().settings(), Redirect.to(log.toFile()))) {
            application.feed().post("/feed/listLatest", Map.of()).isOk();
            assertThat(Files.readAllLines(log)).hasSizeLessThan(30).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void itWaitsForADatabaseThatComesLater() throws Exception {
        Path log = directory.resolve("start.log");
        ExtractedApplication.extract(JAVA, directory);
        FeedServices.get().database().down();
        CompletableFuture<ExtractedApplication> start = CompletableFuture.supplyAsync(() -> {
            try {
                return ExtractedApplication.start(
                        JAVA, List.of(), directory, FeedServices.get().settings(), Redirect.to(log.toFile()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        await().until(() -> Files.exists(log)
                && Files.readString(log)
                                .lines()
                                .filter(line -> line.contains("Retrying in"))
                                .count()
                        > 1);
        FeedServices.get().database().up();
        try (ExtractedApplication application = start.get()) {
            application.feed().post("/feed/listLatest", Map.of()).isOk();
        }
    }

    @Test
    void theCommandThatChecksRoutesNamesWhatIsWrongAndEndsWithOne() throws Exception {
        Path wrong = Path.of("src/test/resources/broken-routes/wrong");
        Path output = directory.resolve("check.log");
        ProcessBuilder check = new ProcessBuilder("bin/check", wrong.toString()).redirectOutput(output.toFile());
        check.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertThat(check.start().waitFor()).isEqualTo(1);
        assertThat(output).hasSameTextualContentAs(wrong.resolve("findings.txt"));
    }
}
