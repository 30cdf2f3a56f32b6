package io.feedroutes.conventions;

import static java.util.stream.Collectors.toCollection;

import io.feedroutes.conventions.Project.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What happens on failure: said in one file, and of everything. */
final class Failures extends Conventions {

    private static final String POLICIES = "reliability";
    private static final String PROBLEM = "[45]\\d\\d .+";

    Failures(Project project) {
        super(project);
    }

    Stream<String> everyRouteHasAFailurePolicy() {
        Set<String> policies = project.configurations().stream()
                .map(policy -> policy.get("id").text())
                .filter(id -> !id.isEmpty())
                .collect(toCollection(TreeSet::new));
        return wrong(
                project.routes().stream()
                        .filter(route -> !isOfAPattern(route.part()) || !route.isConsumer())
                        .filter(route ->
                                !route.isHelper() || !route.policy().text().isEmpty())
                        .map(Route::policy),
                policy -> !policies.contains(policy.text()),
                "the failure policy is '%s'; write one of " + policies
                        + ", or none if it is a helper and fails with its caller");
    }

    Stream<String> failureIsHandledInOneFile() {
        return all(
                wrong(
                        project.everything("onException|errorHandler|deadLetterChannel|doTry|circuitBreaker")
                                .filter(part -> !isOfAPattern(part))
                                .filter(part -> part.get("configuration").text().isEmpty()),
                        part -> !part.name().equals(POLICIES),
                        "decides what happens on failure; write a policy in " + POLICIES + ".camel.yaml"),
                wrong(
                        ids(route -> route.part().name().equals(POLICIES)),
                        id -> true,
                        "'%s' is no policy; move the route to the file of its story"));
    }

    Stream<String> aListOfFailuresIsWrittenOnce() {
        Map<List<String>, Part> lists = new HashMap<>();
        return wrong(
                project.everything("exception").filter(list -> list.parts().size() > 1),
                list -> {
                    Part other = lists.putIfAbsent(
                            list.parts().stream().map(Part::text).toList(), list);
                    return other != null && other.node() != list.node();
                },
                "has the same failures as another list; name that one with '&', and write '*' and the name here");
    }

    Stream<String> aProblemHasAStatusAndAText() {
        return project.everything("throwException")
                .filter(problem -> !isOfAPattern(problem))
                .flatMap(problem -> {
                    String variable = problem.get("message").text().replaceFirst("^\\$\\{variable[.](\\w+)}$", "$1");
                    return all(
                            wrong(
                                    Stream.of(problem.get("exceptionType")),
                                    type -> !type.text().equals("io.feedroutes.problem.Problem"),
                                    "is answered with 500; throw io.feedroutes.problem.Problem"),
                            wrong(
                                    variable.equals(problem.get("message").text())
                                            ? Stream.of(problem.get("message"))
                                            : project.constants(variable),
                                    message -> !message.text().matches(PROBLEM),
                                    "'%s' is no problem; write a status and a text, such as 404 video not found"));
                })
                .distinct();
    }

    /** Its metrics have its id, by which the operator's page, the alerts and the dashboard know what goes through the broker. */
    Stream<String> aBreakerSaysWhatItGuards() {
        return wrong(
                project.everything("circuitBreaker").filter(breaker -> !isOfAPattern(breaker)),
                breaker -> {
                    boolean broker = breaker.get("configuration").text().equals("broker");
                    return !breaker.get("id").text().equals(breaker.name() + (broker ? "-broker" : "-fallback"));
                },
                "is not called after what it guards; write as its id the name of the file and -broker, or -fallback for what it falls back to");
    }

    /** An error handler inside of a transaction would commit what failed. */
    Stream<String> aTransactionFailsWithItsCaller() {
        return wrong(
                project.everything("policy")
                        .filter(policy -> policy.get("ref").text().endsWith("transaction")),
                policy -> project.partsOf(policy.owner())
                        .anyMatch(route ->
                                !route.get("routeConfigurationId").text().isEmpty()),
                "the route of a transaction has a failure policy; move the transaction to a helper without one");
    }
}
