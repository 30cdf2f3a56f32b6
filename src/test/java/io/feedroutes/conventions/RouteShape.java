package io.feedroutes.conventions;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toSet;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.feedroutes.conventions.Project.Route;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;

/** What a file of routes and a route look like. */
final class RouteShape extends Conventions {

    private static final CamelCatalog CATALOG = new DefaultCamelCatalog(true);
    private static final JsonSchema CAMEL_SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V4)
            .getSchema(
                    RouteShape.class.getResourceAsStream("/schema/camelYamlDsl.json"),
                    SchemaValidatorsConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .build());

    private static final String LANGUAGES = "constant|simple|jq|method";
    private static final String SCRIPTS = "groovy|java|joor|js|python|mvel|ognl|spel|language|script";
    private static final String TAKE_A_LANGUAGE =
            "(correlation|completionTimeout)?[eE]xpression|handled|continued|onWhen|retryWhile";
    /** What these have is of no one story. */
    private static final String SHARED = "api|parking|problem|request";

    private static final int STEPS = 13;
    private static final int NESTING = 3;

    RouteShape(Project project) {
        super(project);
    }

    Stream<String> camelAcceptsEveryFile() {
        return yaml().flatMap(file -> {
            if (!file.isList() || file.parts().isEmpty()) {
                return Stream.of(file.says("the root is no list, so Camel would skip the file; start with '- route:'"));
            }
            // What is wrong deep in a file makes everything around it wrong, too: only the deepest is of use.
            Map<String, String> messages = new LinkedHashMap<>();
            CAMEL_SCHEMA.validate(file.json(project.root())).stream()
                    .sorted(comparing(message -> -message.getInstanceLocation().getNameCount()))
                    .forEach(message -> {
                        String place = message.getInstanceLocation() + "/";
                        if (messages.keySet().stream().noneMatch(deeper -> deeper.startsWith(place))) {
                            messages.put(place, message.getMessage().replaceFirst("^.*?: ", ""));
                        }
                    });
            return messages.entrySet().stream()
                    .map(message -> file.at(message.getKey())
                            .says(message.getValue() + "; write what Camel's YAML schema allows"));
        });
    }

    private Stream<Part> yaml() {
        return project.files().stream().filter(file -> !file.file().endsWith(".xml"));
    }

    Stream<String> everyOptionOfAnEndpointExists() {
        return project.endpoints()
                .filter(endpoint -> !endpoint.get("uri").text().contains("${"))
                .flatMap(endpoint -> {
                    List<Part> options = endpoint.get("parameters").parts();
                    String query = String.join(
                            "&",
                            options.stream()
                                    .map(option -> option.key() + "=" + option.text())
                                    .toList());
                    String uri = endpoint.get("uri").text().replaceFirst("^rabbit-batch:", "spring-rabbitmq:");
                    boolean consumes = endpoint.key().equals("from");
                    var result = CATALOG.validateEndpointProperties(
                            uri + (uri.contains("?") ? "&" : "?") + query, false, consumes, !consumes);
                    String errors = result.isSuccess() ? "" : result.summaryErrorMessage(false, false, false);
                    return options.stream()
                            .flatMap(option -> errors.lines()
                                    .filter(error -> error.strip().startsWith(option.key() + " "))
                                    .map(error -> option.says(error.strip().replaceAll("\\s+", " ")
                                            + "; write one that the component has")));
                });
    }

    Stream<String> allFilesAreInOneFolder() {
        return wrong(
                project.files().stream(),
                file -> !file.file().matches("routes/(patterns/)?[a-z-]+[.]camel[.](yaml|xml)"),
                "is in a folder of its own; move it to routes, as <module>.camel.yaml or <module>-queries.camel.yaml");
    }

    Stream<String> aModuleIsInOneLanguage() {
        return wrong(
                project.files().stream(),
                file -> file.file().endsWith(".xml")
                        && yaml().anyMatch(other -> module(other).equals(module(file))),
                "is XML, and its module has YAML; write YAML, or a module of its own");
    }

    Stream<String> aRouteIsNamedAfterItsFile() {
        return wrong(
                ids(route -> !route.part().name().matches(SHARED)),
                id -> !(id.text() + "-").startsWith(module(id) + "-"),
                "'%s' is of another story; begin its id with the module of the file, or move it");
    }

    /** The shortest name of a file that this one begins with. */
    private String module(Part part) {
        return project.files().stream()
                .map(Part::name)
                .filter(name -> !isOfAPattern(part) && (part.name() + "-").startsWith(name + "-"))
                .min(comparing(String::length))
                .orElse(part.name());
    }

    Stream<String> theQueriesOfAModuleAreInAFileOfTheirOwn() {
        return all(
                wrong(
                        ids(route -> route.operation().isMap() && !route.changesSomething()),
                        id -> project.has("routes/" + id.name() + "-queries.camel.yaml"),
                        "'%s' takes no IdempotencyKey, so it is a query; move it to the file of queries beside this one"),
                wrong(
                        ids(route -> route.changesSomething() || route.isConsumer()),
                        id -> id.name().endsWith("-queries"),
                        "'%s' is no query; move it to <module>.camel.yaml"));
    }

    /** A file is read from top to bottom; what other files call, too, may begin it. */
    Stream<String> aHelperIsBelowTheFirstThatCallsIt() {
        Map<String, List<Part>> calls = project.calls();
        return wrong(
                ids(Route::isHelper),
                id -> {
                    List<Part> callers = calls.getOrDefault(id.text(), List.of()).stream()
                            .filter(call -> !call.owner().equals(id.text()))
                            .toList();
                    return !callers.isEmpty()
                            && callers.stream()
                                    .allMatch(call -> call.file().equals(id.file()) && call.line() > id.line());
                },
                "'%s' is above the routes that call it; move it below the first of them");
    }

    Stream<String> aSuffixHasOneMeaning() {
        Set<String> consumers = ids(Route::takesBatches).map(Part::text).collect(toSet());
        return all(
                wrong(
                        ids(route -> !isOfAPattern(route.part()) && route.takesMessages()),
                        id -> !id.text().endsWith("-apply"),
                        "'%s' takes from a queue; name it <noun>-apply"),
                wrong(
                        ids(route -> route.id().endsWith("-apply") && !route.takesMessages()),
                        id -> true,
                        "'%s' takes from no queue; only what does is called -apply"),
                wrong(
                        ids(route -> route.id().endsWith("-events")),
                        id -> !consumers.contains(id.text().replaceFirst("-events$", "")),
                        "'%s' is no half of a consumer; only what applies the messages that <id> takes is called <id>-events"),
                wrong(
                        ids(route -> route.id().endsWith("-send")
                                && !route.answersRequests()
                                && !uses(route, "spring-rabbitmq:.*")),
                        id -> true,
                        "'%s' sends nothing; only what sends to the broker is called -send"),
                wrong(
                        ids(route -> route.id().endsWith("-store") && !uses(route, "sql:.*")),
                        id -> true,
                        "'%s' stores nothing; only what runs SQL is called -store"));
    }

    private static boolean uses(Route route, String uri) {
        return route.part().all("uri").anyMatch(part -> part.text().matches(uri));
    }

    Stream<String> everyRouteHasAnIdOfItsOwn() {
        Set<String> ids = new HashSet<>(Set.of(""));
        return wrong(each("id"), id -> !ids.add(id.text()), "the id '%s' is empty or taken; write one of its own");
    }

    Stream<String> everyRouteSaysInASentenceWhatItIsFor() {
        return wrong(
                Stream.concat(
                        each("description"),
                        project.configurations().stream().map(policy -> policy.get("description"))),
                description -> !description.text().matches("[A-Z].* .*[^.]"),
                "the description is '%s'; write a sentence such as 'Accepts a like'");
    }

    /** Hawtio shows the routes by their groups. */
    Stream<String> everyRouteIsInTheGroupOfItsModule() {
        return each("group")
                .filter(group -> !group.text().equals(module(group)))
                .map(group -> group.says("the group is '" + group.text() + "'; write '" + module(group) + "'"));
    }

    Stream<String> aRouteIsShort() {
        return all(
                project.everything("steps")
                        .filter(steps -> steps.parts().size() > STEPS)
                        .map(steps ->
                                steps.says("there are %d steps in this list; leave %d, or make a boundary a helper"
                                        .formatted(steps.parts().size(), STEPS))),
                wrong(
                        Stream.concat(each(), project.everything("onException").filter(Part::isMap)),
                        route -> route.nesting() > NESTING,
                        "has steps more than " + (NESTING - 1) + " deep; ask for less at once"));
    }

    Stream<String> noRouteIsAScript() {
        return wrong(
                Stream.concat(project.everything(SCRIPTS), uris("(exec|language|groovy|joor|js):.*")),
                part -> true,
                "is a script; write steps, SQL or a JSON query");
    }

    Stream<String> noJsonIsBuiltByATemplate() {
        return wrong(
                project.everything("simple|constant").flatMap(Part::all),
                template -> template.text().matches("(?s)\\s*(\\{\\s*\"|\\[\\s*(\\{|\\$\\{)).*"),
                "builds JSON by a template; write ${map('name',value)} and marshal it");
    }

    Stream<String> theYamlIsCanonical() {
        return all(
                wrong(
                        project.files().stream().flatMap(file -> file.steps().stream()),
                        step -> !step.isMap(),
                        "is short for a step; write '  uri: %s' below it"),
                wrong(
                        project.everything(LANGUAGES)
                                .filter(part -> !part.parent().key().matches("parameters|method|bean")),
                        language ->
                                !language.isMap() || !language.parent().key().matches(TAKE_A_LANGUAGE),
                        "is short for an expression; write 'expression:', the language and 'expression:', each in its line"),
                wrong(project.everything(".*"), Part::isFlow, "is in braces; write a line for each"),
                project.texts("routes/**.camel.yaml")
                        .flatMap(file -> all(
                                file.says("(?m)^ *#.*", "an editor of routes deletes '%s'; write it as note:"),
                                file.says("(?<=[^\n]\n)- route:", "'%s' follows at once; leave an empty line above"))));
    }

    Stream<String> optionsAreParameters() {
        return all(
                wrong(uris(".*[?].*"), uri -> true, "has options in the uri; write them as parameters"),
                wrong(
                        project.everything("parameters").flatMap(parameters -> parameters.parts().stream()),
                        option -> option.key().contains("-"),
                        "Camel reads this name in camelCase; write it so, or set the argument where the topology is declared"));
    }

    Stream<String> aVariableIsInSnakeCase() {
        return wrong(
                Stream.concat(
                        project.everything("variableReceive"),
                        project.everything("setVariable|variables").flatMap(v -> v.all("name"))),
                name -> !name.text().matches("(global:)?[a-z]+(_[a-z]+)*"),
                "the variable is called '%s'; write snake_case");
    }
}
