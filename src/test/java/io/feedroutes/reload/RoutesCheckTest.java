package io.feedroutes.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.FeedRoutesApplication;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What {@code --check} says of a folder of routes, without a broker and a database. */
class RoutesCheckTest {

    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = new SpringApplicationBuilder(FeedRoutesApplication.class)
                .profiles("check")
                .run();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void nothingIsWrongWithTheRoutes() {
        assertThat(report("routes")).isEmpty();
    }

    /** The files of {@code unreadable} are none for Camel; those of {@code wrong} are, but could not run. */
    @ParameterizedTest
    @ValueSource(strings = {"unreadable", "wrong"})
    void everythingThatIsWrongIsNamedWithItsLineAndWhatToWriteInstead(String folder) throws Exception {
        Path broken = Path.of("src/test/resources/broken-routes", folder);
        assertThat(report(broken.toString()).lines())
                .containsExactlyElementsOf(Files.readAllLines(broken.resolve("findings.txt")));
    }

    private static String report(String folder) {
        return application.getBean(RoutesCheck.class).report(folder);
    }
}
