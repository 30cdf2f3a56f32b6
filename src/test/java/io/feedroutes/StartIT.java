package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.support.ExtractedApplication;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        extract();
        try (ExtractedApplication application = ExtractedApplication.start(
                JAVA, List.of(), directory, FeedServices.get().settings(), Redirect.to(log.toFile()))) {
            application.feed().post("/feed/listLatest", Map.of()).isOk();
            assertThat(Files.readAllLines(log)).hasSizeLessThan(30).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    private void extract() throws Exception {
        Process extract = new ProcessBuilder(
                        JAVA,
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
        assertThat(extract.waitFor()).isZero();
    }
}
