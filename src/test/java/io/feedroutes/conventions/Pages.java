package io.feedroutes.conventions;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import io.feedroutes.conventions.Project.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What people read: pages, properties, and how much of everything there is. */
final class Pages extends Conventions {

    private static final Pattern PROPERTY = Pattern.compile("(?m)^\\| `(feed[.][^`]+)` / `(\\w+)` \\|([^|]*)\\|.*\\|$");
    private static final Pattern SIZE = Pattern.compile("(?m)^\\| `([^`]+)` \\| *(\\d*) \\| *(\\d*) \\| *(\\d*) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern FILE =
            Pattern.compile("]\\((?!\\w+:|#)([^)#]+)[^)]*\\)|`((?:routes|docs|src|bench|examples)/[\\w./-]+)`");
    private static final Pattern PATTERN =
            Pattern.compile("(?m)^\\|.*\\(\\.\\./(routes/patterns/[^)]+)\\).*`curl [^`]+`.*\\|$");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):(.*)}");

    Pages(Project project) {
        super(project);
    }

    private Stream<Text> pages() {
        return Stream.of("README.md", "CONTRIBUTING.md", "docs/*.md").flatMap(project::texts);
    }

    /** The table in CONTRIBUTING.md says how long files may be: each, all together, and in routes. */
    Stream<String> nothingIsLongerThanTheTableOfSizesAllows() {
        return project.texts("CONTRIBUTING.md").flatMap(page -> {
            List<MatchResult> rows = SIZE.matcher(page.text()).results().toList();
            return rows.isEmpty()
                    ? Stream.of(
                            page.says(
                                    0,
                                    "there is no table of sizes; write one with files, lines each, lines in all and routes in all"))
                    : rows.stream().flatMap(row -> tooLong(page, row));
        });
    }

    private Stream<String> tooLong(Text page, MatchResult row) {
        List<Text> files = project.texts(row.group(1)).toList();
        long lines = files.stream().mapToLong(Text::lines).sum();
        long routes = project.routes().stream()
                .filter(route -> files.stream()
                        .anyMatch(file -> file.file().equals(route.part().file())))
                .count();
        return all(
                files.stream()
                        .filter(file -> file.lines() > most(row.group(2)))
                        .map(file -> file.file() + ":" + row.group(2) + ": the file has " + file.lines()
                                + " lines; leave " + row.group(2)),
                Stream.of("there are " + lines + " lines in " + row.group(1) + "; leave " + row.group(3))
                        .filter(violation -> lines > most(row.group(3)))
                        .map(violation -> page.says(row.start(), violation)),
                Stream.of("there are " + routes + " routes in " + row.group(1) + "; leave " + row.group(4))
                        .filter(violation -> routes > most(row.group(4)))
                        .map(violation -> page.says(row.start(), violation)));
    }

    private static long most(String number) {
        return number.isEmpty() ? Long.MAX_VALUE : Long.parseLong(number);
    }

    /** But a message is shown as it is, and a list of names is none. */
    Stream<String> noCellOfATableIsAParagraph() {
        return pages().flatMap(page -> Pattern.compile("(?m)^\\|.*\\|$")
                .matcher(page.text())
                .results()
                .filter(row -> Stream.of(row.group().split("(?<!\\\\)\\|"))
                        .map(cell -> cell.replaceAll("(SQL )?`[\\w/-]+`(, )?", ""))
                        .anyMatch(cell -> cell.strip().length() > 160 && !cell.startsWith(" `{")))
                .map(row -> page.says(row.start(), "a cell has more than 160 characters; write a paragraph, or less")));
    }

    Stream<String> everyFileThatAPageNamesExists() {
        return pages().flatMap(page -> FILE.matcher(page.text())
                .results()
                .filter(name -> !project.has(
                        name.group(1) == null
                                ? name.group(2)
                                : Path.of(page.file())
                                        .resolveSibling(name.group(1))
                                        .normalize()
                                        .toString()))
                .map(name ->
                        page.says(name.start(), "there is no file '" + name.group() + "'; name one that is there")));
    }

    Stream<String> everyTestThatAPageNamesExists() {
        return pages().flatMap(page -> TEST.matcher(page.text())
                .results()
                .filter(test -> project.texts("src/test/java/io/feedroutes/**" + test.group(1) + ".java")
                        .noneMatch(file -> file.text().contains("void " + test.group(2) + "(")))
                .map(test ->
                        page.says(test.start(), "there is no test " + test.group() + "; name one that proves it")));
    }

    Stream<String> everyPropertyIsInTheReadmeWithItsDefault() {
        Map<String, String> rows = project.texts("README.md")
                .flatMap(readme -> PROPERTY.matcher(readme.text()).results())
                .collect(toMap(
                        row -> row.group(1),
                        row -> row(
                                row.group(1),
                                row.group(2),
                                row.group(3).replace("`", "").strip())));
        return project.feedProperties()
                .filter(property -> !row(property).equals(rows.get(property.path())))
                .map(property -> property.says(
                        "README.md does not say what stands here; write '" + row(property) + " meaning |'"));
    }

    Stream<String> everyPropertyOfTheReadmeExists() {
        List<String> names = project.feedProperties().map(Part::path).toList();
        return project.texts("README.md")
                .flatMap(readme -> PROPERTY.matcher(readme.text())
                        .results()
                        .filter(row -> !names.contains(row.group(1)))
                        .map(row ->
                                readme.says(row.start(), "there is no property " + row.group(1) + "; delete the row")));
    }

    private static String row(Part property) {
        var variable = VARIABLE.matcher(property.text());
        return variable.matches()
                ? row(property.path(), variable.group(1), variable.group(2).isEmpty() ? "none" : variable.group(2))
                : row(property.path(), property.path().toUpperCase().replaceAll("[.-]", "_"), property.text());
    }

    private static String row(String property, String variable, String value) {
        return "| `" + property + "` / `" + variable + "` | " + value + " |";
    }

    Stream<String> thereAreTwentyFourPropertiesAtMost() {
        return project.feedProperties()
                .skip(25)
                .map(property -> property.says("is property 26 or more; make it a literal"));
    }

    Stream<String> everyPropertyOfARouteExists() {
        List<String> names = project.feedProperties().map(Part::path).toList();
        return project.texts("routes/**.camel.{yaml,xml}")
                .flatMap(file -> Pattern.compile("\\{\\{(feed[.][^}:]+)")
                        .matcher(file.text())
                        .results()
                        .filter(use -> !names.contains(use.group(1)))
                        .map(use -> file.says(
                                use.start(),
                                "there is no property " + use.group(1)
                                        + "; add it to application.yaml with its default")));
    }

    /** Which routes a role has, which are measured, and which series are watched. */
    Stream<String> everyRouteThatAPropertyOrAPageNamesExists() {
        return all(
                Stream.of(
                                project.properties().get("roles").all("include"),
                                project.properties().get("roles").all("exclude"),
                                project.properties().all("route-policy-exclude-pattern"))
                        .flatMap(properties -> properties)
                        .flatMap(property -> Stream.of(property.text().split(","))
                                .filter(pattern -> !pattern.isEmpty() && !pattern.contains(":") && !isARoute(pattern))
                                .map(pattern -> property.says("no route is called '" + pattern + "'; delete it"))),
                Stream.of("docs/*.md", "examples/*.yaml")
                        .flatMap(project::texts)
                        .flatMap(page -> Pattern.compile("routeId=\\\\?\"([a-z-]+)")
                                .matcher(page.text())
                                .results()
                                .filter(name -> !isARoute(name.group(1)))
                                .map(name -> page.says(
                                        name.start(),
                                        "no route is called '" + name.group(1) + "'; name one that is there"))));
    }

    private boolean isARoute(String pattern) {
        return ids(route -> route.id().matches(pattern.replace("*", ".*")))
                .findAny()
                .isPresent();
    }

    Stream<String> everyPatternHasARowOnItsPageAndViceVersa() {
        Set<String> rows = project.texts("docs/patterns.md")
                .flatMap(page -> PATTERN.matcher(page.text()).results())
                .map(match -> match.group(1))
                .collect(toCollection(TreeSet::new));
        return Stream.concat(
                project.texts("routes/patterns/*")
                        .filter(file -> !file.name().startsWith("patterns"))
                        .filter(file -> !rows.contains(file.file()))
                        .map(
                                file -> file.says(
                                        0,
                                        "docs/patterns.md does not show it; write a row with a link to the file and a curl line")),
                project.texts("docs/patterns.md")
                        .flatMap(page -> rows.stream()
                                .filter(not(project::has))
                                .map(file -> page.says(0, "there is no " + file + "; delete its row"))));
    }

    Stream<String> aPatternHasATriggerThatKeepsOnlyItsParameters() {
        return wrong(
                project.routes().stream()
                        .filter(route -> isOfAPattern(route.part())
                                && route.id().equals(route.part().name())
                                && !route.id().equals("patterns"))
                        .map(Project.Route::from)
                        .filter(from -> !from.get("uri").text().startsWith("direct:")),
                from -> !from.get("uri").text().equals("platform-http:/patterns/" + from.name())
                        || !from.steps().get(0).key().equals("removeHeaders"),
                "is no trigger; write uri: platform-http:/patterns/ and the name of the file, and removeHeaders first");
    }

    Stream<String> nothingIsLeftToDo() {
        return Stream.of("routes/**", "src/main/**", "README.md")
                .flatMap(project::texts)
                .flatMap(file -> file.says("\\b(TODO|FIXME)\\b", "'%s' is no plan; do it or write an issue"));
    }
}
