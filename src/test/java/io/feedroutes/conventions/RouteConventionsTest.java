package io.feedroutes.conventions;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.conventions.Conventions.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteConventionsTest {

    private static final Path BROKEN = Path.of("src/test/resources/conventions");

    @Test
    void everyConventionIsKept() {
        assertThat(String.join("\n", violations(Path.of("")))).isEmpty();
    }

    @Test
    void everyViolationIsNamedWithItsLine() throws Exception {
        assertThat(violations(BROKEN)).containsExactlyElementsOf(Files.readAllLines(BROKEN.resolve("violations.txt")));
    }

    @Test
    void everyConventionCanBeBroken() {
        assertThat(Conventions.rules(Project.of(BROKEN)))
                .allSatisfy(
                        rule -> assertThat(rule.violations()).as(rule.name()).isNotEmpty());
    }

    /** Or {@code mvn spring-boot:test-run} does not know which to run. */
    @Test
    void theTestsHaveOneMainClass() {
        assertThat(Project.of(Path.of(""))
                        .texts("src/test/java/**.java")
                        .filter(file -> file.text().matches("(?s).*static void main\\(.*")))
                .hasSize(1);
    }

    private static List<String> violations(Path root) {
        return Conventions.rules(Project.of(root))
                .map(Rule::violations)
                .flatMap(List::stream)
                .distinct()
                .sorted()
                .toList();
    }
}
