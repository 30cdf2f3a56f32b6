package io.feedroutes;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the product as its conventions see them. */
record Project(
        Path root, List<Part> files, List<Route> routes, List<Part> configurations, Part contract, Part properties) {

    static Project of(Path root) {
        List<Part> files = find(root, "routes/**.camel.yaml")
                .map(file -> Part.of(root, file))
                .toList();
        return new Project(
                root,
                files,
                roots(files, "route").map(Route::new).toList(),
                roots(files, "routeConfiguration").toList(),
                Part.of(root, root.resolve("routes/feed.openapi.yaml")),
                Part.of(root, root.resolve("src/main/resources/application.yaml")));
    }

    private static Stream<Part> roots(List<Part> files, String kind) {
        return files.stream()
                .flatMap(file -> file.parts().stream())
                .map(item -> item.get(kind))
                .filter(Part::isMap);
    }

    private static Stream<Path> find(Path root, String glob) {
        var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        Path top = root.resolve(glob.split("/")[0]);
        if (!Files.exists(top)) {
            return Stream.empty();
        }
        try (var files = Files.walk(top)) {
            return files.filter(f -> matcher.matches(root.relativize(f))).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<Text> texts(String glob) {
        return find(root, glob).filter(Files::isRegularFile).map(file -> Text.of(root, file));
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

    /** By the id of each route that is called, the ids of the routes and route configurations that call it. */
    Map<String, Set<String>> callers() {
        return files.stream()
                .flatMap(Project::calls)
                .flatMap(call -> targets(call).stream().map(id -> Map.entry(id, call.owner())))
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toSet())));
    }

    static Stream<Part> calls(Part part) {
        return part.all()
                .filter(p -> p.key().equals("uri") && !p.parent().key().equals("from")
                        || p.key().matches("deadLetterUri|expression"))
                .filter(p -> p.text().startsWith("direct:"));
    }

    /** The ids of the routes that {@code direct:…} means, also where a variable or the calling route decides. */
    Set<String> targets(Part call) {
        String id = call.text().substring("direct:".length());
        Set<String> ids = Set.of();
        Matcher variable = Pattern.compile("\\$\\{variable\\.(\\w+)}").matcher(id);
        if (variable.find()) {
            ids = constants(variable.group(1))
                    .map(value -> id.replace(variable.group(), value.text()))
                    .collect(toSet());
        } else if (id.contains("${fromRouteId}")) {
            ids = routes.stream()
                    .filter(Route::takesBatches)
                    .map(route -> id.replace("${fromRouteId}", route.id()))
                    .collect(toSet());
        }
        return ids.isEmpty() ? Set.of(id) : ids;
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
        return find(root, "src/main/resources/application*.yaml")
                .flatMap(file -> Part.of(root, file).all("topology"))
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

    record Route(Part part) {

        String id() {
            return part.get("id").text();
        }

        String group() {
            return part.get("group").text();
        }

        Part from() {
            return part.get("from");
        }

        boolean takesMessages() {
            return from().get("uri").text().matches("(spring-rabbitmq|rabbit-batch):.*");
        }

        boolean takesBatches() {
            return from().get("uri").text().startsWith("rabbit-batch:");
        }

        boolean answersRequests() {
            return group().equals("api") || group().equals("query");
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

        Stream<String> longerThan(long most) {
            long lines = text.lines().count();
            return lines > most
                    ? Stream.of(file + ":" + most + ": the file has " + lines + " lines; leave " + most)
                    : Stream.empty();
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
