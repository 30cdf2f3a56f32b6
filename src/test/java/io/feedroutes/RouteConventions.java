package io.feedroutes;

import static java.util.Comparator.comparing;
import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.feedroutes.Project.Route;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;

/** The conventions of the routes. Each method that takes nothing and returns violations is a rule, and its name says which. */
final class RouteConventions {

    private static final CamelCatalog CATALOG = new DefaultCamelCatalog(true);
    private static final JsonSchema CAMEL_SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V4)
            .getSchema(
                    RouteConventions.class.getResourceAsStream("/schema/camelYamlDsl.json"),
                    SchemaValidatorsConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .build());

    private static final String LANGUAGES = "constant|simple|jq|method";
    private static final String SCRIPTS = "groovy|java|joor|js|python|mvel|ognl|spel|language|script";
    private static final String TAKE_A_LANGUAGE =
            "(correlation|completionTimeout)?[eE]xpression|handled|continued|onWhen|retryWhile";
    private static final String FAILURE = "onException|errorHandler|deadLetterChannel|circuitBreaker|doTry";

    private final Project project;
    private final Map<String, Set<String>> callers;

    RouteConventions(Project project) {
        this.project = project;
        this.callers = project.callers();
    }

    /** The parts that are wrong; {@code %s} in the violation is the text of the part. */
    private static Stream<String> wrong(Stream<Part> parts, Predicate<Part> wrong, String violation) {
        return parts.filter(wrong).map(part -> part.says(violation.formatted(part.text())));
    }

    @SafeVarargs
    private static Stream<String> both(Stream<String>... violations) {
        return Stream.of(violations).flatMap(v -> v);
    }

    private Stream<Part> ids(Predicate<Route> of) {
        return project.routes().stream().filter(of).map(route -> route.part().get("id"));
    }

    private Stream<Part> uris(String pattern) {
        return project.endpoints()
                .map(endpoint -> endpoint.get("uri"))
                .filter(uri -> uri.text().matches(pattern));
    }

    /** A pattern is taught in one file: it may send, receive and decide what happens on failure. */
    private static boolean isOfAPattern(Part part) {
        return part.file().startsWith("routes/patterns/");
    }

    private Set<String> callersOf(String id) {
        return callers.getOrDefault(id, Set.of());
    }

    private Stream<Part> each(String... path) {
        return project.routes().stream().map(route -> route.part().get(path));
    }

    Stream<String> camelAcceptsEveryFile() {
        return project.files().stream().flatMap(file -> {
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

    Stream<String> aFileIsNamedAfterItsFirstRoute() {
        return project.files().stream()
                .filter(file -> !file.name().matches(".*-queries|api|reliability"))
                .map(file -> file.parts().isEmpty()
                        ? file.get("id")
                        : file.parts().get(0).get("route", "id"))
                .flatMap(id -> wrong(
                        Stream.of(id),
                        i -> !i.text().equals(i.name()),
                        "the first route is '%s'; name it '" + id.name() + "' like its file"));
    }

    Stream<String> aFileOfAModuleBeginsWithTheNameOfTheModule() {
        return wrong(
                project.files().stream().filter(file -> file.file().matches("routes/(?!shared/|patterns/).+/.+")),
                file -> !file.name().startsWith(file.file().split("/")[1] + "-"),
                "begin the name of a file with the name of its folder");
    }

    Stream<String> aFileHasOneCommandOrConsumerOrTheQueriesOfItsModule() {
        Set<String> taken = new HashSet<>();
        return both(
                wrong(
                        ids(r -> r.group().equals("query")),
                        id -> !id.name().endsWith("-queries"),
                        "'%s' is a query; move it to <module>-queries"),
                wrong(
                        ids(r -> !r.group().equals("query")),
                        id -> id.name().endsWith("-queries"),
                        "'%s' is no query; give it its own file"),
                wrong(
                        ids(r -> r.group().matches("api|consumer") && !isOfAPattern(r.part())),
                        id -> !taken.add(id.file()),
                        "'%s' is one too many; give it its own file"));
    }

    Stream<String> aPatternHasItsNameAndATriggerThatKeepsOnlyItsParameters() {
        List<Route> patterns = project.routes().stream()
                .filter(route -> isOfAPattern(route.part()))
                .filter(route -> !route.part().name().startsWith("patterns"))
                .toList();
        return both(
                wrong(
                        patterns.stream().map(route -> route.part().get("id")),
                        id -> !(id.text() + "-").startsWith(id.name() + "-"),
                        "'%s' is no route of this pattern; begin its id with the name of the file"),
                wrong(
                        patterns.stream()
                                .filter(route -> route.id().equals(route.part().name()))
                                .map(Route::from),
                        from -> !from.get("uri").text().equals("platform-http:/patterns/" + from.name())
                                || !from.steps().get(0).key().equals("removeHeaders"),
                        "is no trigger; write uri: platform-http:/patterns/ and the name of the file, and removeHeaders first"));
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

    Stream<String> everyRouteIsInOneGroup() {
        return wrong(
                each("group"),
                group -> !group.text().matches("api|query|consumer|helper"),
                "the group is '%s'; write api, query, consumer or helper");
    }

    Stream<String> everyRouteHasOneFailurePolicy() {
        Set<String> policies = project.configurations().stream()
                .map(policy -> policy.get("id").text())
                .collect(toCollection(TreeSet::new));
        return wrong(
                each("routeConfigurationId"),
                policy -> !policies.contains(policy.text()),
                "the failure policy is '%s'; write one of " + policies);
    }

    Stream<String> everyRouteButAConsumerIsCalledByItsId() {
        return wrong(
                project.routes().stream()
                        .filter(route -> !route.group().equals("consumer"))
                        .filter(route -> !isOfAPattern(route.part()) || !route.answersRequests())
                        .map(route -> route.from().get("uri")),
                uri -> !uri.text().equals("direct:" + uri.owner()),
                "the route is no consumer, but starts at '%s'; write 'direct:' and its id");
    }

    Stream<String> everyOperationOfTheContractIsARouteAndViceVersa() {
        Set<String> operations =
                project.contract().all("operationId").map(Part::text).collect(toSet());
        Set<String> answering = ids(Route::answersRequests).map(Part::text).collect(toSet());
        return both(
                wrong(
                        project.contract().all("operationId"),
                        id -> !answering.contains(id.text()),
                        "no route answers; write a route '%s' of the group api or query"),
                wrong(
                        ids(route -> route.answersRequests() && !isOfAPattern(route.part())),
                        id -> !operations.contains(id.text()),
                        "the contract has no operation '%s'; add it or make this a helper"));
    }

    Stream<String> whatIsCalledExists() {
        Set<String> ids = ids(route -> true).map(Part::text).collect(toSet());
        return project.files().stream()
                .flatMap(Project::calls)
                .flatMap(call -> project.targets(call).stream()
                        .filter(not(ids::contains))
                        .map(id -> call.says("there is no route '" + id + "'; write it or call another")));
    }

    Stream<String> everyHelperIsCalled() {
        return wrong(
                ids(r -> r.group().equals("helper")),
                id -> callersOf(id.text()).isEmpty(),
                "nothing calls '%s'; delete it");
    }

    Stream<String> whatIsSharedHelpsThreeRoutes() {
        Predicate<Route> isShared = route -> route.part().file().startsWith("routes/shared/");
        Set<String> shared = ids(isShared).map(Part::text).collect(toSet());
        return wrong(
                ids(isShared),
                id -> callersOf(id.text()).size() < 3
                        && callersOf(id.text()).stream().noneMatch(shared::contains),
                "fewer than three routes call '%s'; move it to the module of its callers");
    }

    Stream<String> aRouteIsShort() {
        List<Part> blocks = Stream.concat(
                        each(), project.everything("onException").filter(Part::isMap))
                .toList();
        return both(
                wrong(
                        blocks.stream(),
                        block -> block.steps().size() > 7,
                        "has more than 7 steps; move some to a helper"),
                wrong(
                        blocks.stream(),
                        block -> block.nesting() > 3,
                        "has steps more than 2 deep; move some to a helper"));
    }

    Stream<String> aFileIsShort() {
        return Stream.concat(project.texts("routes/**.camel.yaml"), project.texts("README.md"))
                .filter(file -> !file.name().equals("reliability.camel.yaml"))
                .flatMap(file -> file.longerThan(
                        file.name().equals("README.md")
                                ? 180
                                : file.name().endsWith("-queries.camel.yaml")
                                        ? 200
                                        : file.file().startsWith("routes/patterns/") ? 120 : 60));
    }

    Stream<String> failureIsHandledInOneFile() {
        return wrong(
                project.everything(FAILURE).filter(part -> !isOfAPattern(part)),
                part -> !part.name().equals("reliability"),
                "decides what happens on failure; write a policy in reliability.camel.yaml");
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
        return both(
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
                        .flatMap(file ->
                                file.says("(?m)^ *#.*", "an editor of routes deletes '%s'; write it as note:")));
    }

    Stream<String> optionsAreParameters() {
        return both(
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
                name -> !name.text().matches("[a-z]+(_[a-z]+)*"),
                "the variable is called '%s'; write snake_case");
    }

    Stream<String> everySendWaitsForItsConfirm() {
        return wrong(
                uris("spring-rabbitmq:.*")
                        .map(Part::parent)
                        .filter(endpoint -> !endpoint.key().equals("from")),
                send -> !send.get("pattern").text().equals("InOnly")
                        || !send.get("parameters", "confirm").text().equals("enabled")
                        || send.get("parameters", "confirmTimeout").text().isEmpty(),
                "may lose what it sends; write pattern: InOnly, confirm: enabled and a confirmTimeout");
    }

    Stream<String> everyConsumerAcknowledgesWhatIsDone() {
        return both(
                wrong(
                        project.routes().stream().filter(Route::takesMessages).map(Route::from),
                        from -> !from.get("parameters", "disableReplyTo").text().equals("true"),
                        "would answer a message; write disableReplyTo: true"),
                wrong(
                        project.everything("asyncConsumer"),
                        option -> true,
                        "acknowledges before the work is done; leave asyncConsumer out"));
    }

    Stream<String> nothingBehindAQueueLeavesItsThread() {
        Set<String> behind = new HashSet<>();
        Deque<String> ahead =
                new ArrayDeque<>(ids(Route::takesMessages).map(Part::text).toList());
        while (!ahead.isEmpty()) {
            String id = ahead.pop();
            if (behind.add(id)) {
                project.partsOf(id)
                        .flatMap(part -> Stream.concat(
                                Project.calls(part).flatMap(call -> project.targets(call).stream()),
                                Stream.of(part.get("routeConfigurationId").text())))
                        .forEach(ahead::push);
            }
        }
        return wrong(
                Stream.concat(project.everything("wireTap|threads|aggregate"), uris("seda:.*")),
                part -> behind.contains(part.owner())
                        && part.get("aggregationRepository").text().isEmpty(),
                "lets a message be acknowledged before the work is done; write a call of direct:, or keep what an aggregate has in an aggregationRepository");
    }

    Stream<String> consumersAreSiblings() {
        List<Route> consumers = project.routes().stream()
                .filter(r -> r.id().endsWith("-apply") && r.part().name().equals(r.id()))
                .toList();
        return wrong(
                consumers.stream().map(Route::part),
                consumer -> !skeleton(consumer).equals(skeleton(consumers.get(0).part())),
                "is built in another way than " + consumers.get(0).id()
                        + "; write the same steps and options with other nouns");
    }

    private static List<String> skeleton(Part route) {
        return Stream.of(
                        Stream.of(
                                route.get("routeConfigurationId").text(),
                                route.get("from", "uri").text().split(":")[0]),
                        route.get("from", "parameters").parts().stream().map(Part::key),
                        route.steps().stream()
                                .map(step -> step.key() + step.get("uri").text().replace(route.owner(), "*")))
                .flatMap(s -> s)
                .toList();
    }

    Stream<String> whatIsAcceptedIsLimitedSentAndAnsweredAlike() {
        return wrong(
                project.routes().stream()
                        .filter(route -> route.group().equals("api"))
                        .map(Route::part)
                        .filter(route -> uris(route).contains("direct:publish-or-apply")),
                route -> !isAccepted(uris(route))
                        || route.all("name").noneMatch(name -> name.text().equals("rate_group")),
                "accepts in another way than its siblings; set rate_group, call direct:open-request,"
                        + " and at the end direct:publish-or-apply and direct:answer-accepted");
    }

    private static boolean isAccepted(List<String> uris) {
        return uris.indexOf("direct:open-request") == 1
                && uris.subList(uris.size() - 2, uris.size())
                        .equals(List.of("direct:publish-or-apply", "direct:answer-accepted"));
    }

    Stream<String> eventsAreSentAlike() {
        List<Part> publishers = project.routes().stream()
                .map(Route::part)
                .filter(route -> route.owner().endsWith("-publish"))
                .filter(route -> route.all("name").anyMatch(name -> name.text().endsWith("RoutingOverrideKey")))
                .toList();
        return wrong(
                publishers.stream(),
                publisher -> !sending(publisher).equals(sending(publishers.get(0))),
                publishers.isEmpty()
                        ? ""
                        : "sends in another way than " + publishers.get(0).owner()
                                + "; write the same steps and options with other nouns");
    }

    /** What a route does until it has sent, without its noun. */
    private static List<String> sending(Part route) {
        String noun = route.owner().replaceFirst("-publish$", "");
        int send = (int) uris(route).stream()
                .takeWhile(uri -> !uri.startsWith("spring-rabbitmq:"))
                .count();
        return route.steps().stream()
                .limit(send + 1L)
                .flatMap(Part::all)
                .map(part -> part.key() + " " + part.text().replace(noun, "*"))
                .toList();
    }

    /** The endpoint of each step; empty for a step that has none. */
    private static List<String> uris(Part route) {
        return route.steps().stream().map(step -> step.get("uri").text()).toList();
    }

    Stream<String> aRequestIsOpenedFirst() {
        Set<String> openers = new HashSet<>(callersOf("open-request"));
        openers.add("open-request");
        return wrong(
                project.routes().stream()
                        .filter(route -> route.answersRequests() && !isOfAPattern(route.part()))
                        .map(route -> route.from().get("steps")),
                steps -> steps.parts().stream()
                        .limit(2)
                        .flatMap(Project::calls)
                        .flatMap(call -> project.targets(call).stream())
                        .noneMatch(openers::contains),
                "keeps what the client sent; call direct:open-request in the first or second step");
    }

    Stream<String> sqlIsInFiles() {
        return wrong(
                uris("sql:.*"),
                uri -> !uri.text().matches("sql:classpath:sql/[a-z]+/[a-z]+(-[a-z]+)+[.]sql")
                        || !project.has(uri.text().replace("sql:classpath:", "src/main/resources/")),
                "there is no file '%s'; write sql:classpath:sql/<module>/<verb>-<noun>.sql");
    }

    Stream<String> exchangesAndQueuesAreThoseOfTheTopology() {
        Set<String> exchanges = project.topology("exchange");
        Set<String> queues = project.topology("queue");
        return both(
                wrong(
                        uris("(spring-rabbitmq|rabbit-batch):(?!default$).*"),
                        uri -> !exchanges.contains(uri.text().split("[:?]")[1]),
                        "feed.topology has no exchange of '%s'; write the literal name of one"),
                wrong(
                        project.everything("queues"),
                        queue -> !queues.containsAll(List.of(queue.text().split(","))),
                        "feed.topology has no queue '%s'; write the literal name of one"),
                wrong(
                        project.everything("routingKey"),
                        key -> key.text().contains("{{"),
                        "'%s' makes structure a configuration; write the literal key"));
    }

    Stream<String> everySchemaIsThereAndUsed() {
        List<Part> uses = Stream.concat(
                        uris("json-validator:.*"),
                        project.contract().all("$ref").filter(ref -> ref.text().startsWith("./")))
                .toList();
        return both(
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
