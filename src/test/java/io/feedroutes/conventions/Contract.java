package io.feedroutes.conventions;

import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The contract has a route for each operation, and nothing says again what it says. */
final class Contract extends Conventions {

    Contract(Project project) {
        super(project);
    }

    Stream<String> everyOperationOfTheContractIsARoute() {
        Set<String> routes = ids(route -> true).map(Part::text).collect(toSet());
        return wrong(
                project.contract().all("operationId"),
                id -> !routes.contains(id.text()),
                "no route answers; write a route '%s'");
    }

    /** {@code /like/isLiked} is like-is-liked; a path of a collection, such as {@code /posts/{id}}, names no operation. */
    Stream<String> anOperationIsNamedAfterItsPath() {
        return project.contract().get("paths").parts().stream()
                .filter(path -> path.key().matches("/\\w+/\\w+"))
                .flatMap(path -> {
                    String name = path.key()
                            .substring(1)
                            .replace('/', '-')
                            .replaceAll("([a-z])([A-Z])", "$1-$2")
                            .toLowerCase();
                    return wrong(
                            path.all("operationId"),
                            id -> !id.text().equals(name),
                            "the operation is called '%s'; name it '" + name + "' after its path");
                });
    }

    Stream<String> aRequestIsOpenedFirst() {
        return wrong(
                project.routes().stream()
                        .filter(route -> route.answersRequests() && !isOfAPattern(route.part()))
                        .map(route -> route.part().get("id")),
                id -> !opensFirst(id.text()),
                "'%s' keeps what the client sent; set variables, and then call direct:open-request or the method identify of callers");
    }

    private boolean opensFirst(String id) {
        return project.partsOf(id)
                .flatMap(route -> route.get("from", "steps").parts().stream())
                .flatMap(step -> step.parts().stream())
                .filter(step -> !step.key().matches("set(Body|Variables?)"))
                .limit(1)
                .anyMatch(step -> step.get("ref").text().equals("callers")
                        || Project.calls(step)
                                .flatMap(call -> project.targets(call).stream())
                                .anyMatch(this::opensFirst));
    }

    /** Java may answer a path, but what is public is said by {@code security}, and how much a request may bring by {@code maxLength} and the like. */
    Stream<String> javaDoesNotRepeatTheContract() {
        List<String> paths = project.contract().get("paths").parts().stream()
                .map(path -> path.key().replaceAll("\\{\\w+}", "*"))
                .toList();
        return project.texts("src/main/java/**.java")
                .flatMap(file -> paths.stream()
                        .flatMap(path -> file.says(
                                "(?<!Mapping\\((path = )?)\"\\Q" + path + "\\E\"",
                                "%s is a path of the contract; say there what it is, and read that")));
    }

    /** The validator takes {@code 1e19} for the largest number of 64 bits, unless the limit itself is beyond these. */
    Stream<String> anIntegerHasLimits() {
        return wrong(
                project.texts("routes/schemas/*.json")
                        .flatMap(file -> Part.of(project.root(), project.root().resolve(file.file()))
                                .all())
                        .filter(part -> part.key().equals("type"))
                        .filter(type -> type.all().anyMatch(name -> name.text().equals("integer")))
                        .map(Part::parent),
                integer -> !isLimited(integer, "maximum", "exclusiveMaximum")
                        || !isLimited(integer, "minimum", "exclusiveMinimum"),
                "an integer may be too large for the database; give it a minimum and a maximum,"
                        + " or the exclusiveMaximum 9223372036854775808");
    }

    private static boolean isLimited(Part integer, String limit, String beyond64Bits) {
        return integer.get(limit).text().matches("-?\\d{1,18}")
                || integer.get(beyond64Bits).text().matches("9223372036854775808|-9223372036854775809");
    }

    Stream<String> limitsAreSaidOnce() {
        List<Part> limits = project.contract()
                .all()
                .filter(part -> part.key().matches("maxLength|x-max-body"))
                .toList();
        return Stream.of("routes/*.camel.{yaml,xml}", "src/main/java/**.java", "src/main/resources/application.yaml")
                .flatMap(project::texts)
                .flatMap(file -> limits.stream()
                        .flatMap(limit -> file.says(
                                "(?<!\\d)" + limit.text() + "(?!\\d)|DataSize[.]of\\w+\\(\\d+",
                                "'%s' is a limit that the contract has, too; read it from there")));
    }
}
