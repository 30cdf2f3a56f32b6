package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
        assertThat(rules(BROKEN))
                .allSatisfy(
                        rule -> assertThat(rule.violations()).as(rule.name()).isNotEmpty());
    }

    private static List<String> violations(Path root) {
        return rules(root)
                .flatMap(rule -> rule.violations().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private record Rule(String name, List<String> violations) {}

    private static Stream<Rule> rules(Path root) {
        Project project = Project.of(root);
        return Stream.of(new RouteConventions(project), new ResourceConventions(project))
                .flatMap(conventions -> Arrays.stream(conventions.getClass().getDeclaredMethods())
                        .filter(method -> method.getParameterCount() == 0 && !Modifier.isPrivate(method.getModifiers()))
                        .map(method -> new Rule(method.getName(), violations(method, conventions))));
    }

    @SuppressWarnings("unchecked")
    private static List<String> violations(Method rule, Object conventions) {
        try {
            return ((Stream<String>) rule.invoke(conventions)).toList();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(rule.getName(), e);
        }
    }
}
