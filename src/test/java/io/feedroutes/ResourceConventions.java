package io.feedroutes;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import io.feedroutes.Project.Text;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The conventions of what the routes use: SQL, Redis scripts, migrations, properties. Each method that takes nothing is a rule. */
final class ResourceConventions {

    private static final String NAMED_PARAMETER = ":#(\\$\\{(variable\\.\\w+|body[^}]*|routeId)}|\\w+)";
    private static final Pattern PARAMETER = Pattern.compile(
            ":#\\$\\{variable\\.(\\w+)|:#\\$\\{body\\[(\\w+)|:#\\$\\{(body)|:#(\\w+)|((?:KEYS|ARGV)\\[\\d])");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(feed[.][^`]+)` / `(\\w+)` \\|([^|]*)\\|.*\\|$");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):(.*)}");

    private final Project project;

    ResourceConventions(Project project) {
        this.project = project;
    }

    private Stream<Text> statements() {
        return Stream.of("src/main/resources/sql/**.sql", "src/main/resources/redis/*.lua")
                .flatMap(project::texts);
    }

    Stream<String> everyStatementSaysWhichRoutesUseIt() {
        return statements().flatMap(file -> {
            Set<String> users = Stream.concat(
                            project.everything("uri")
                                    .filter(uri -> uri.text()
                                            .equals(file.file().replace("src/main/resources/", "sql:classpath:"))),
                            project.constants("script")
                                    .filter(script -> file.name().equals(script.text() + ".lua")))
                    .map(Part::owner)
                    .collect(toCollection(TreeSet::new));
            String usedBy = file.header().lines().findFirst().orElse("").replaceFirst("^-- used by: *", "");
            return Set.of(usedBy.split(", *")).equals(users)
                    ? Stream.empty()
                    : Stream.of(file.says(
                            0,
                            users.isEmpty()
                                    ? "no route uses it; delete it"
                                    : "write '-- used by: " + String.join(", ", users) + "'"));
        });
    }

    Stream<String> everyStatementExplainsItsParameters() {
        return statements()
                .flatMap(file -> PARAMETER
                        .matcher(file.withoutComments().text())
                        .results()
                        .map(match -> IntStream.rangeClosed(1, 5)
                                .mapToObj(match::group)
                                .filter(name -> name != null)
                                .findFirst()
                                .orElseThrow())
                        .filter(name -> !Pattern.compile((name.endsWith("]") ? "" : "-- parameters:.*\\b")
                                        + Pattern.quote(name) + "(?!\\w)")
                                .matcher(file.header())
                                .find())
                        .map(name -> file.says(
                                0, "does not explain " + name + "; write what it is after '-- parameters:'")));
    }

    Stream<String> sqlTakesNamedParametersOnly() {
        return project.texts("src/main/resources/sql/**.sql")
                .flatMap(
                        file -> file.withoutComments()
                                .says(
                                        "(?!" + NAMED_PARAMETER + ")(:[#?][^\\s,]*|(?<!:)#)",
                                        "'%s' is no named parameter; write :#${variable.name}, :#${body[name]}, :#${bodyAs(String)}, :#${routeId} or :#name"));
    }

    Stream<String> sqlRunsOnMariaDbAndMySql() {
        return Stream.of("src/main/resources/sql/**.sql", "src/main/resources/db/**.sql")
                .flatMap(project::texts)
                .flatMap(file -> file.withoutComments()
                        .says(
                                "(?i)\\bRETURNING\\b|->>|\\)\\s*AS\\s+new\\b",
                                "MariaDB or MySQL does not know '%s'; write what both know"));
    }

    Stream<String> migrationsAreNumberedWithoutGaps() {
        List<Text> migrations =
                project.texts("src/main/resources/db/migration/*").toList();
        List<String> versions =
                migrations.stream().map(file -> file.name().split("__")[0]).toList();
        return Stream.concat(
                migrations.stream()
                        .filter(file -> !file.name().matches("V[1-9]\\d*__[a-z]+(_[a-z]+)+[.]sql"))
                        .map(file -> file.says(0, "is called otherwise; name it V<n>__<verb>_<noun>.sql")),
                IntStream.rangeClosed(1, migrations.size())
                        .mapToObj(n -> "V" + n)
                        .filter(not(versions::contains))
                        .map(version -> migrations
                                .get(0)
                                .says(0, "there is no " + version + "; number the migrations from V1 without gaps")));
    }

    Stream<String> everyPropertyIsInTheReadmeWithItsDefault() {
        Map<String, String> rows = project.texts("README.md")
                .flatMap(readme -> ROW.matcher(readme.text()).results())
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
                .flatMap(readme -> ROW.matcher(readme.text())
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

    Stream<String> thereAreTwentyPropertiesAtMost() {
        return project.feedProperties()
                .skip(20)
                .map(property -> property.says("is property 21 or more; make it a literal"));
    }

    Stream<String> everyPropertyOfARouteExists() {
        List<String> names = project.feedProperties().map(Part::path).toList();
        return project.texts("routes/**.camel.yaml")
                .flatMap(file -> Pattern.compile("\\{\\{(feed[.][^}:]+)")
                        .matcher(file.text())
                        .results()
                        .filter(use -> !names.contains(use.group(1)))
                        .map(use -> file.says(
                                use.start(),
                                "there is no property " + use.group(1)
                                        + "; add it to application.yaml with its default")));
    }

    Stream<String> everyTestThatADocumentNamesExists() {
        return project.texts("docs/*.md")
                .flatMap(page -> Pattern.compile("`(\\w+)#(\\w+)`")
                        .matcher(page.text())
                        .results()
                        .filter(test -> project.texts("src/test/java/io/feedroutes/" + test.group(1) + ".java")
                                .noneMatch(file -> file.text().contains("void " + test.group(2) + "(")))
                        .map(test -> page.says(
                                test.start(), "there is no test " + test.group() + "; name one that proves it")));
    }

    Stream<String> everyPatternHasARowOnItsPageAndViceVersa() {
        Pattern row = Pattern.compile("(?m)^\\|.*\\(\\.\\./(routes/patterns/[^)]+)\\).*`curl [^`]+`.*\\|$");
        Set<String> rows = project.texts("docs/patterns.md")
                .flatMap(page -> row.matcher(page.text()).results())
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

    Stream<String> nothingIsLeftToDo() {
        return Stream.of("routes/**", "src/main/**", "README.md")
                .flatMap(project::texts)
                .flatMap(file -> file.says("\\b(TODO|FIXME)\\b", "'%s' is no plan; do it or write an issue"));
    }
}
