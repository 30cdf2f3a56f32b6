package io.feedroutes.conventions;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.groupingBy;

import io.feedroutes.conventions.Project.Route;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** How messages are sent and taken. */
final class Messaging extends Conventions {

    private static final String SEND = "spring-rabbitmq:.*";

    Messaging(Project project) {
        super(project);
    }

    private Stream<Part> sends() {
        return uris(SEND).map(Part::parent).filter(endpoint -> !endpoint.key().equals("from"));
    }

    Stream<String> nobodyWritesWhatIsADefault() {
        return wrong(
                Stream.of(
                                sends().map(send -> send.get("pattern")),
                                sends().filter(not(Conventions::isOfAPattern))
                                        .flatMap(send -> Stream.of("confirm", "confirmTimeout")
                                                .map(option -> send.get("parameters", option)))
                                        .filter(option -> !option.text().equals("disabled")),
                                project.everything("disableReplyTo|parametersCount"))
                        .flatMap(options -> options),
                option -> !option.text().isEmpty(),
                "is what the component does anyway; delete the line");
    }

    Stream<String> whatDoesNotWaitForItsConfirmFollowsASendThatDoes() {
        return wrong(
                project.everything("confirm").filter(confirm -> confirm.text().equals("disabled")),
                confirm -> {
                    Part step = confirm.parent().parent().parent();
                    List<Part> steps = step.parent().parts();
                    return !confirm.isIn("circuitBreaker")
                            || steps.subList(0, steps.indexOf(step)).stream()
                                    .map(later -> later.get("to"))
                                    .noneMatch(send -> send.get("uri").text().matches(SEND)
                                            && send.get("parameters", "confirm")
                                                    .text()
                                                    .isEmpty());
                },
                "this message may be lost; delete the line, or send it after the message that decides, in the same list of a circuitBreaker");
    }

    Stream<String> everyConsumerAcknowledgesWhatIsDone() {
        return wrong(
                project.everything("asyncConsumer"),
                option -> true,
                "acknowledges before the work is done; delete the line");
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
        return alike(
                project.routes().stream()
                        .filter(Route::takesBatches)
                        .filter(route -> Project.calls(route.part())
                                .anyMatch(call -> call.text().equals("direct:" + route.id() + "-events")))
                        .map(Route::part)
                        .toList(),
                route -> Stream.of(
                                Stream.of(route.get("routeConfigurationId").text()),
                                route.get("from", "parameters").parts().stream()
                                        .map(Part::key)
                                        .filter(key -> !key.equals("prefetchCount")),
                                route.steps().stream()
                                        .map(step -> step.key()
                                                + step.get("uri").text().replace(route.owner(), "*")))
                        .flatMap(parts -> parts)
                        .toList());
    }

    /** Of like, comment and social, which send to an exchange of their name: the first message, and how it is stored without the broker. */
    Stream<String> eventsAreSentAlike() {
        return alike(
                project.everything("circuitBreaker")
                        .filter(breaker -> breaker.all("uri")
                                .anyMatch(uri -> uri.text().equals("spring-rabbitmq:" + uri.name() + ".events")))
                        .toList(),
                breaker -> {
                    return Stream.of(breaker.get("steps"), breaker.get("onFallback", "steps"))
                            .flatMap(Messaging::upToTheFirstCall)
                            .flatMap(Part::all)
                            .filter(part -> !part.key().matches("parameters|confirm"))
                            .map(part -> part.key() + " " + part.text().replace(breaker.name(), "*"))
                            .toList();
                });
    }

    private static Stream<Part> upToTheFirstCall(Part steps) {
        long before = steps.parts().stream()
                .takeWhile(step -> step.all("uri").findAny().isEmpty())
                .count();
        return steps.parts().stream().limit(before + 1);
    }

    /** Most are as they should be. */
    private static Stream<String> alike(List<Part> siblings, Function<Part, List<String>> skeleton) {
        Map<List<String>, List<Part>> kinds = siblings.stream().collect(groupingBy(skeleton));
        List<Part> most = siblings.stream()
                .map(sibling -> kinds.get(skeleton.apply(sibling)))
                .reduce(List.of(), (one, other) -> other.size() > one.size() ? other : one);
        return kinds.values().stream()
                .filter(kind -> kind != most)
                .flatMap(Collection::stream)
                .map(other -> other.says("'" + other.owner() + "' does it in another way than '"
                        + most.get(0).owner() + "'; write the same steps and options with other nouns"));
    }

    Stream<String> exchangesAndQueuesAreThoseOfTheTopology() {
        Set<String> exchanges = project.topology("exchange");
        Set<String> queues = project.topology("queue");
        return all(
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
}
