package io.feedroutes.conventions;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the product as its conventions see them. */
public record Project(
        Path root,
        List<Text> texts,
        List<Part> files,
        List<Route> routes,
        List<Part> configurations,
        Part contract,
        Part properties) {

    private static final List<String> READ = List.of(
            "README.md",
            "CONTRIBUTING.md",
            "docs",
            "examples",
            "routes",
            "src/main",
            "src/test/java",
            "src/test/resources/events");

    public static Project of(Path root) {
        List<Text> texts =
                READ.stream().flatMap(top -> texts(root, root.resolve(top))).toList();
        List<Part> files = find(texts, "routes/**.camel.{yaml,xml}")
                .map(file -> Part.of(root, root.resolve(file.file())))
                .toList();
        Part contract = Part.of(root, root.resolve("routes/feed.openapi.yaml"));
        return new Project(
                root,
                texts,
                files,
                roots(files, "route")
                        .map(route -> new Route(route, operation(contract, route)))
                        .toList(),
                roots(files, "routeConfiguration").toList(),
                contract,
                Part.of(root, root.resolve("src/main/resources/application.yaml")));
    }

    private static Part operation(Part contract, Part route) {
        return contract.all("operationId")
                .filter(id -> id.text().equals(route.get("id").text()))
                .map(Part::parent)
                .findFirst()
                .orElse(contract.get("none"));
    }

    private static Stream<Part> roots(List<Part> files, String kind) {
        return files.stream()
                .flatMap(file -> file.parts().stream())
                .map(item -> item.get(kind))
                .filter(Part::isMap);
    }

    private static Stream<Text> texts(Path root, Path top) {
        if (!Files.exists(top)) {
            return Stream.empty();
        }
        try (var files = Files.walk(top)) {
            return files
                    .filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".png"))
                    .sorted()
                    .map(file -> Text.of(root, file))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Text> find(List<Text> texts, String glob) {
        var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        return texts.stream().filter(text -> matcher.matches(Path.of(text.file())));
    }

    Stream<Text> texts(String glob) {
        return find(texts, glob);
    }

    boolean has(String resource) {
        return Files.exists(root.resolve(resource));
    }

    /** Everything in the files of the routes that stands under one of these names. */
    Stream<Part> everything(String names) {
        return files.stream().flatMap(Part::all).filter(part -> part.key().matches(names));
    }

    Stream<Part> endpoints() {
        return everything("uri").map(Part::parent);
    }

    /** The routes and the route configurations of this id. */
    Stream<Part> partsOf(String id) {
        return Stream.concat(routes.stream().map(Route::part), configurations.stream())
                .filter(part -> part.get("id").text().equals(id));
    }

    /** By the id of each route that is called, the calls, in the order of the files. */
    Map<String, List<Part>> calls() {
        return files.stream()
                .flatMap(Project::calls)
                .flatMap(call -> targets(call).stream().map(id -> Map.entry(id, call)))
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
    }

    static Stream<Part> calls(Part part) {
        return part.all()
                .filter(p -> p.key().equals("uri") && !p.parent().key().equals("from")
                        || p.key().matches("deadLetterUri|expression"))
                .filter(p -> p.text().startsWith("direct:"));
    }

    /** The ids of the routes that {@code direct:…} means, also where the calling route decides. */
    Set<String> targets(Part call) {
        String id = call.text().substring("direct:".length());
        return id.contains("${fromRouteId}")
                ? routes.stream()
                        .filter(route -> route.takesBatches()
                                && !route.part()
                                        .get("routeConfigurationId")
                                        .text()
                                        .equals("next-run"))
                        .map(route -> id.replace("${fromRouteId}", route.id()))
                        .collect(toSet())
                : Set.of(id);
    }

    /** The constants that a variable is set to. */
    Stream<Part> constants(String variable) {
        return everything("name")
                .filter(name -> name.text().equals(variable))
                .map(name -> name.parent().get("expression", "constant", "expression"))
                .filter(part -> !part.text().isEmpty());
    }

    /** The exchanges or queues of the application, and of the profiles that bring some. */
    Set<String> topology(String kind) {
        return texts("src/main/resources/application*.yaml")
                .flatMap(file -> Part.of(root, root.resolve(file.file())).all("topology"))
                .flatMap(topology -> topology.all(kind))
                .map(Part::text)
                .collect(toSet());
    }

    Stream<Part> feedProperties() {
        return properties
                .get("feed")
                .all()
                .filter(part -> part.parts().isEmpty() && !part.path().startsWith("feed.topology"));
    }

    /** The class of main Java that is the bean of this name. */
    Optional<Text> bean(String name) {
        return texts("src/main/java/**.java")
                .filter(file -> file.text().contains("@Component(\"" + name + "\")"))
                .findFirst();
    }

    /** With the operation of the contract that it answers, which may be none. */
    public record Route(Part part, Part operation) {

        public String id() {
            return part.get("id").text();
        }

        /** The failure policy that it names. */
        Part policy() {
            return part.get("routeConfigurationId");
        }

        Part from() {
            return part.get("from");
        }

        boolean takesMessages() {
            return from().get("uri").text().matches("(spring-rabbitmq|rabbit-batch):.*");
        }

        boolean takesBatches() {
            return begins("rabbit-batch:");
        }

        boolean answersRequests() {
            return operation.isMap() || begins("platform-http:");
        }

        /** What does so takes a key, with which a client may ask again. */
        boolean changesSomething() {
            return operation
                    .get("parameters")
                    .all("$ref")
                    .anyMatch(parameter -> parameter.text().endsWith("/IdempotencyKey"));
        }

        boolean isConsumer() {
            return !begins("direct:") && !answersRequests();
        }

        boolean isHelper() {
            return !isConsumer() && !answersRequests();
        }

        private boolean begins(String scheme) {
            return from().get("uri").text().startsWith(scheme);
        }
    }

    /** A file that is not YAML. */
    record Text(String file, String text) {

        static Text of(Path root, Path file) {
            try {
                return new Text(root.relativize(file).toString(), Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String name() {
            return file.substring(file.lastIndexOf('/') + 1);
        }

        long lines() {
            return text.lines().count();
        }

        /** The comment at the top. */
        String header() {
            return String.join(
                    "\n", text.lines().takeWhile(line -> line.startsWith("--")).toList());
        }

        Text withoutComments() {
            return new Text(file, text.replaceAll("(?m)--.*$", ""));
        }

        /** One violation wherever the pattern is found. */
        Stream<String> says(String pattern, String violation) {
            return Pattern.compile(pattern)
                    .matcher(text)
                    .results()
                    .map(match -> says(
                            match.start(), violation.formatted(match.group().strip())));
        }

        String says(int start, String violation) {
            return file + ":"
                    + (1
                            + text.substring(0, start)
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count()) + ": " + violation;
        }
    }
}
