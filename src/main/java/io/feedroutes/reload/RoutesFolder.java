package io.feedroutes.reload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * What was in a folder of routes at one moment.
 *
 * @param files the texts by their paths in the folder, with {@code /} between the parts
 */
record RoutesFolder(Map<String, String> files) {

    static final String CONTRACT = "feed.openapi.yaml";

    /** Reads what routes are made of, and nothing that an editor keeps beside it. */
    static RoutesFolder read(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                String name = root.relativize(path).toString().replace('\\', '/');
                if (name.matches(".*[.](yaml|xml|sql|json)") && !name.matches("(.*/)?([.].*|patterns/[^/]*)")) {
                    files.put(name, new String(Files.readAllBytes(path), UTF_8));
                }
            }
        }
        return new RoutesFolder(files);
    }

    /** Writes all of it in the place of what is there. */
    void write(Path root) throws IOException {
        FileSystemUtils.deleteRecursively(root);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** The names of the files that have routes, policies or beans. */
    List<String> routes() {
        return files.keySet().stream()
                .filter(name -> name.matches(".*[.]camel[.](yaml|xml)"))
                .toList();
    }

    /** The names of what is not as it was, and of what names one of these; of everything when it is a policy, or a bean. */
    Set<String> changedSince(RoutesFolder before) {
        Set<String> all = new HashSet<>(files.keySet());
        all.addAll(before.files.keySet());
        Set<String> changed = new HashSet<>(all);
        changed.removeIf(name -> files.getOrDefault(name, "").equals(before.files.getOrDefault(name, "")));
        if (changed.stream().anyMatch(name -> isForAll(name) || before.isForAll(name))) {
            return all;
        }
        while (changed.addAll(files.keySet().stream()
                .filter(name -> changed.stream().anyMatch(files.get(name)::contains))
                .toList())) {}
        return changed;
    }

    private boolean isForAll(String name) {
        return files.getOrDefault(name, "")
                .lines()
                .anyMatch(line -> line.matches("- (routeConfiguration|beans):.*|\\s*<(routeConfiguration|bean)\\s.*"));
    }

    /** @return false for YAML that Camel would take for no routes at all */
    boolean isList(String name) {
        return !name.endsWith(".yaml")
                || files.get(name).lines().filter(line -> !line.matches("#.*|---|\\s*")).findFirst().stream()
                        .anyMatch(line -> line.startsWith("- "));
    }

    /** @return the lines of a file that name what is not there */
    List<Finding> lack(String file, Pattern named, Predicate<String> isThere, String text) {
        List<Finding> lacking = new ArrayList<>();
        List<String> lines = files.getOrDefault(file, "").lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher name = named.matcher(lines.get(i));
            if (name.find() && !isThere.test(name.group(1))) {
                lacking.add(new Finding(file, i + 1, text.formatted(name.group(1))));
            }
        }
        return lacking;
    }
}
