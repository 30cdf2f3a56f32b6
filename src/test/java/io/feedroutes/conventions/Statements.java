package io.feedroutes.conventions;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toCollection;

import io.feedroutes.conventions.Project.Text;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The files that routes run or check with: SQL, Redis scripts, migrations, JSON schemas. */
final class Statements extends Conventions {

    private static final String FORM = ":#\\$\\{(variable\\.\\w+|body|body\\[\\w+]|bodyAs\\(String\\)|routeId"
            + "|exception\\.message|properties:[\\w.-]+)}";
    private static final Pattern PARAMETER =
            Pattern.compile(":#\\$\\{variable\\.(\\w+)|:#\\$\\{body\\[(\\w+)|:#\\$\\{(body)|((?:KEYS|ARGV)\\[\\d])");

    Statements(Project project) {
        super(project);
    }

    private Stream<Text> sqlAndScripts() {
        return Stream.of("src/main/resources/sql/**.sql", "src/main/resources/redis/*.lua")
                .flatMap(project::texts);
    }

    Stream<String> sqlIsInFiles() {
        return wrong(
                uris("sql:.*"),
                uri -> !uri.text().matches("sql:classpath:sql/[a-z]+/[a-z]+(-[a-z]+)+[.]sql")
                        || !project.has(uri.text().replace("sql:classpath:", "src/main/resources/")),
                "there is no file '%s'; write sql:classpath:sql/<module>/<verb>-<noun>.sql");
    }

    Stream<String> everyStatementSaysWhichRoutesUseIt() {
        return sqlAndScripts().flatMap(file -> {
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
        return sqlAndScripts()
                .flatMap(file -> PARAMETER
                        .matcher(file.withoutComments().text())
                        .results()
                        .map(match -> IntStream.rangeClosed(1, 4)
                                .mapToObj(match::group)
                                .filter(name -> name != null)
                                .findFirst()
                                .orElseThrow())
                        .filter(name -> !Pattern.compile((name.endsWith("]") ? "" : "(?s)-- parameters:.*\\b")
                                        + Pattern.quote(name) + "(?!\\w)")
                                .matcher(file.header())
                                .find())
                        .map(name -> file.says(
                                0, "does not explain " + name + "; write what it is after '-- parameters:'")));
    }

    /** PreparedSqlComponent knows this form only, and takes everything else for SQL. */
    Stream<String> everyParameterOfAStatementIsRead() {
        return project.texts("src/main/resources/sql/**.sql")
                .flatMap(
                        file -> file.withoutComments()
                                .says(
                                        "(?!" + FORM + ")(:[#?][^\\s,]*|(?<!:)#)",
                                        "'%s' is no parameter; write :#${variable.name}, :#${body[name]}, :#${bodyAs(String)} or :#${routeId}"));
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

    Stream<String> everySchemaIsThereAndUsed() {
        List<Part> uses = Stream.concat(
                        uris("json-validator:.*"),
                        project.contract().all("$ref").filter(ref -> ref.text().startsWith("./")))
                .toList();
        return all(
                wrong(
                        uses.stream(),
                        use -> !schema(use).startsWith("routes/schemas/") || !project.has(schema(use)),
                        "there is no schema '%s'; write one of routes/schemas"),
                project.texts("routes/schemas/*")
                        .filter(file ->
                                uses.stream().noneMatch(use -> schema(use).equals(file.file())))
                        .map(file -> file.says(0, "nothing uses this schema; delete it")));
    }

    private static String schema(Part use) {
        return use.text().replaceFirst("^(./|json-validator:classpath:)", "routes/");
    }
}
