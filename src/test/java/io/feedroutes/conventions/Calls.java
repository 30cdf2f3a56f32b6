package io.feedroutes.conventions;

import static java.util.stream.Collectors.toSet;

import io.feedroutes.conventions.Project.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Who calls which route, and that there is a reason to. */
final class Calls extends Conventions {

    private static final Set<String> CHOSEN_AT_RUN_TIME =
            Set.of("direct:${fromRouteId}-events", "direct:${exchangeProperty.CamelInterceptedRouteId}");

    private final Map<String, List<Part>> calls;

    Calls(Project project) {
        super(project);
        this.calls = project.calls();
    }

    Stream<String> everyRouteButAConsumerIsCalledByItsId() {
        return wrong(
                project.routes().stream()
                        .filter(route -> !route.isConsumer())
                        .filter(route -> !isOfAPattern(route.part()) || !route.answersRequests())
                        .map(route -> route.from().get("uri")),
                uri -> !uri.text().equals("direct:" + uri.owner()),
                "the route is no consumer, but starts at '%s'; write 'direct:' and its id");
    }

    Stream<String> whatIsCalledExists() {
        Set<String> ids = ids(route -> true).map(Part::text).collect(toSet());
        return project.files().stream()
                .flatMap(Project::calls)
                .flatMap(call -> project.targets(call).stream()
                        .filter(id -> !id.contains("${") && !ids.contains(id))
                        .map(id -> call.says("there is no route '" + id + "'; write it or call another")));
    }

    Stream<String> controlFlowIsLiteral() {
        return wrong(
                project.files().stream().flatMap(Project::calls),
                call -> call.text().contains("${") && !CHOSEN_AT_RUN_TIME.contains(call.text()),
                "'%s' hides what comes next; write a choice of literal calls");
    }

    Stream<String> aHelperHasTwoCallersOrIsABoundary() {
        return project.routes().stream()
                .filter(route -> route.isHelper() && !isCalledByJava(route))
                .flatMap(helper -> {
                    List<Part> callers = calls.getOrDefault(helper.id(), List.of());
                    Part id = helper.part().get("id");
                    return callers.isEmpty()
                            ? Stream.of(id.says("nothing calls '" + id.text() + "'; delete it"))
                            : callers.size() == 1 && !isBoundary(helper, callers.get(0))
                                    ? Stream.of(
                                            id.says("only '" + callers.get(0).owner() + "' calls '" + id.text()
                                                    + "', which is no boundary; write its steps there"))
                                    : Stream.empty();
                });
    }

    /**
     * A transaction, a failure policy of its own, a circuit breaker or what it falls back to, or a target that is chosen at run time. Also a split: in a
     * route with a failure policy it ends well, whatever fails in it.
     */
    private static boolean isBoundary(Route helper, Part call) {
        return !helper.policy().text().isEmpty()
                || helper.part().all().anyMatch(part -> part.key().matches("policy|circuitBreaker|doTry|split"))
                || call.isIn("policy|onFallback|routeConfiguration")
                || call.text().contains("${");
    }

    private boolean isCalledByJava(Route helper) {
        return project.texts("src/main/java/**.java")
                .anyMatch(file -> file.text().contains("\"direct:" + helper.id() + "\""));
    }
}
