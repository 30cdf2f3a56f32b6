package io.feedroutes.conventions;

import io.feedroutes.conventions.Project.Route;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Conventions of one subject. Each method that takes nothing and returns violations is a rule, and its name says which. */
abstract class Conventions {

    final Project project;

    Conventions(Project project) {
        this.project = project;
    }

    record Rule(String name, List<String> violations) {}

    static Stream<Rule> rules(Project project) {
        return Stream.of(
                        new RouteShape(project),
                        new Calls(project),
                        new Variables(project),
                        new Failures(project),
                        new Messaging(project),
                        new Statements(project),
                        new Contract(project),
                        new Pages(project))
                .flatMap(Conventions::rules);
    }

    private Stream<Rule> rules() {
        return Arrays.stream(getClass().getDeclaredMethods())
                .filter(method -> method.getReturnType() == Stream.class)
                .filter(method -> method.getParameterCount() == 0 && !Modifier.isPrivate(method.getModifiers()))
                .map(method -> new Rule(method.getName(), violations(method)));
    }

    @SuppressWarnings("unchecked")
    private List<String> violations(Method rule) {
        try {
            return ((Stream<String>) rule.invoke(this)).toList();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(rule.getName(), e);
        }
    }

    /** The parts that are wrong; {@code %s} in the violation is the text of the part. */
    static Stream<String> wrong(Stream<Part> parts, Predicate<Part> wrong, String violation) {
        return parts.filter(wrong).map(part -> part.says(violation.formatted(part.text())));
    }

    @SafeVarargs
    static Stream<String> all(Stream<String>... violations) {
        return Stream.of(violations).flatMap(v -> v);
    }

    final Stream<Part> ids(Predicate<Route> of) {
        return project.routes().stream().filter(of).map(route -> route.part().get("id"));
    }

    final Stream<Part> each(String... path) {
        return project.routes().stream().map(route -> route.part().get(path));
    }

    final Stream<Part> uris(String pattern) {
        return project.endpoints()
                .map(endpoint -> endpoint.get("uri"))
                .filter(uri -> uri.text().matches(pattern));
    }

    /** A pattern is taught in one file: it may send, receive and decide what happens on failure. */
    static boolean isOfAPattern(Part part) {
        return part.file().startsWith("routes/patterns/");
    }
}
