package io.feedroutes.conventions;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.conventions.Project.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/routes.md is made from the routes. */
class RoutesPageTest {

    private static final Path PAGE = Path.of("docs/routes.md");
    private static final String COMMAND = "mvn -Dtest=RoutesPageTest -Droutes.page=write test";
    private static final Project PROJECT = Project.of(Path.of(""));

    @Test
    void thePageShowsTheRoutesAsTheyAre() throws IOException {
        if ("write".equals(System.getProperty("routes.page"))) {
            Files.writeString(PAGE, page());
        }
        assertThat(PAGE)
                .as("The routes have changed; write the page anew: " + COMMAND)
                .content()
                .isEqualTo(page());
    }

    private static String page() {
        return """
                # Routes

                Every route of the product, file by file, in the order of each file. This page is made from them by

                ```
                %s
                ```

                and a test fails while it is stale. The messaging patterns are on [a page of their own](patterns.md).

                "Begins with" is a request, a queue, a timer, or a call from another route. "Uses" names the routes that it calls, and the SQL files and Redis scripts that
                it runs. "Sends to" names exchanges and queues.
                """.formatted(COMMAND)
                + PROJECT.files().stream()
                        .filter(file -> !Conventions.isOfAPattern(file))
                        .sorted(comparing(Part::name))
                        .map(RoutesPageTest::story)
                        .collect(joining());
    }

    private static String story(Part file) {
        List<Route> routes = PROJECT.routes().stream()
                .filter(route -> route.part().file().equals(file.file()))
                .toList();
        return routes.isEmpty()
                ? ""
                : "\n## [%s](../%s)\n\n".formatted(file.name(), file.file())
                        + "| Route | What it does | Begins with | Uses | Sends to | Failure policy |\n|---|---|---|---|---|---|\n"
                        + routes.stream().map(RoutesPageTest::row).collect(joining());
    }

    private static String row(Route route) {
        return Stream.of(
                                "`" + route.id() + "`",
                                route.part().get("description").text().replace("|", "\\|"),
                                begins(route),
                                uses(route.part()).distinct().collect(joining(", ")),
                                sends(route.part()).distinct().collect(joining(", ")),
                                policy(route))
                        .collect(joining(" | ", "| ", " |"))
                        .replaceAll("(?<=\\|)  (?=\\|)", " ")
                + "\n";
    }

    private static String begins(Route route) {
        String uri = route.from().get("uri").text();
        return route.takesMessages()
                ? "queue `" + route.from().get("parameters", "queues").text() + "`"
                : uri.startsWith("direct:") ? request(route) : "`" + uri.split(":")[0] + "`";
    }

    private static String request(Route route) {
        return PROJECT.contract()
                .all("operationId")
                .filter(id -> id.text().equals(route.id()))
                .map(id -> "`%s %s`"
                        .formatted(
                                id.parent().key().toUpperCase(),
                                id.parent().parent().key()))
                .findFirst()
                .orElse("a call");
    }

    private static Stream<String> uses(Part route) {
        return Stream.of(
                        Project.calls(route).map(call -> "`" + call.text().substring("direct:".length()) + "`"),
                        route.all("uri")
                                .filter(uri -> uri.text().startsWith("sql:"))
                                .map(uri -> "SQL `" + uri.text().replaceAll("^sql:classpath:sql/|[.]sql$", "") + "`"),
                        route.all("name")
                                .filter(name -> name.text().equals("script"))
                                .map(name -> "Redis `"
                                        + name.parent()
                                                .get("expression", "constant", "expression")
                                                .text() + "`"),
                        route.all("command").map(command -> "Redis `" + command.text() + "`"))
                .flatMap(uses -> uses);
    }

    private static Stream<String> sends(Part route) {
        return route.all("uri")
                .filter(uri -> uri.text().startsWith("spring-rabbitmq:")
                        && !uri.parent().key().equals("from"))
                .map(uri -> {
                    String exchange = uri.text().split(":")[1];
                    String key = uri.parent().get("parameters", "routingKey").text();
                    return !exchange.equals("default")
                            ? "`" + exchange + "`"
                            : key.isEmpty() ? "the queue that a header names" : "queue `" + key + "`";
                });
    }

    private static String policy(Route route) {
        return Stream.of(
                        route.policy().text().isEmpty()
                                ? "its caller's"
                                : "`" + route.policy().text() + "`",
                        route.part().all("policy").findAny().isPresent() ? "transaction" : "",
                        route.part().all("circuitBreaker").findAny().isPresent() ? "circuit breaker" : "")
                .filter(policy -> !policy.isEmpty())
                .collect(joining(", "));
    }
}
