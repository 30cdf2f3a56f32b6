package io.feedroutes.conventions;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import io.feedroutes.conventions.Project.Route;
import io.feedroutes.conventions.Project.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The variables are the arguments of helpers: each is named by the helper that reads it, and set by those who call it. */
final class Variables extends Conventions {

    private static final Pattern READ =
            Pattern.compile("\\$\\{variable[.](?!global:)(\\w+)|\\bvariable\\(\"(\\w+)\"\\)|^variable:(\\w+)$");
    private static final String ITEM = "(\\w+)( \\([^)]*\\))?(?:, | and |$)";
    private static final Pattern NOTE = Pattern.compile("^Reads ((?:\\w+(?: \\([^)]*\\))?(?:, | and )?)+)[.;]");
    private static final Pattern PARAMETER = Pattern.compile("@Variable\\(\"(\\w+)\"\\)");
    private static final Pattern SET_BY_JAVA = Pattern.compile("setVariable\\(\\s*\"(\\w+)\"");
    private static final Pattern COLUMN = Pattern.compile("(?i)\\bAS (\\w+)|(\\w+)(?=\\s*(?:,|\\sFROM\\b))");

    Variables(Project project) {
        super(project);
    }

    Stream<String> aHelperSaysInItsNoteWhatItReads() {
        return project.routes().stream().filter(Route::isHelper).flatMap(helper -> {
            Walk walk = new Walk().begin(helper);
            Set<String> reads = walk.missing.stream().map(Read::variable).collect(toCollection(TreeSet::new));
            Set<String> noted = new TreeSet<>(noted(helper).keySet());
            noted.removeAll(walk.perhaps);
            reads.removeAll(walk.perhaps);
            return reads.equals(noted)
                    ? Stream.empty()
                    : Stream.of(helper.part()
                            .get("id")
                            .says("'" + helper.id() + "' reads "
                                    + (reads.isEmpty()
                                            ? "nothing; let its note not say so"
                                            : sentence(reads) + "; begin its note with 'Reads "
                                                    + sentence(reads)
                                                    + ".', with '(or none)' behind what need not be set")));
        });
    }

    /** What a helper says that it reads, and what it says of each, such as {@code (seconds, or none)}. */
    private static Map<String, String> noted(Route helper) {
        return NOTE.matcher(helper.part().get("note").text())
                .results()
                .flatMap(note -> Pattern.compile(ITEM).matcher(note.group(1)).results())
                .collect(toMap(item -> item.group(1), item -> item.group(2) == null ? "" : item.group(2)));
    }

    private static String sentence(Set<String> variables) {
        return String.join(", ", variables).replaceFirst(", (\\w+)$", " and $1");
    }

    Stream<String> whatAHelperReadsIsSetByWhoeverCallsIt() {
        Stream<Walk> routes =
                project.routes().stream().filter(route -> !route.isHelper()).map(route -> new Walk().begin(route));
        Stream<Walk> policies = project.configurations().stream().map(policy -> {
            Walk walk = new Walk();
            // Whatever a route has set until it failed.
            project.routes().stream()
                    .filter(route ->
                            route.policy().text().equals(policy.get("id").text()))
                    .forEach(route -> walk.set.addAll(new Walk().begin(route).set));
            walk.follow(policy);
            return walk;
        });
        return Stream.concat(routes, policies)
                .flatMap(walk -> walk.missing.stream())
                .map(read -> read.where()
                        .says("nothing has set " + read.variable() + ", which '" + read.reader()
                                + "' reads; set it above"))
                .distinct();
    }

    /** Where something is read that is not set: in the route itself, or where it calls the one that reads it. */
    private record Read(Part where, String reader, String variable) {}

    /** Goes through a route and those that it calls, in the order of their steps. What is set in a branch only may not be set. */
    private final class Walk {

        private final Set<String> set = new TreeSet<>();
        private final List<Read> missing = new ArrayList<>();
        private final Set<String> perhaps = new TreeSet<>();
        private final List<String> within = new ArrayList<>();
        private Part call;
        private Text row;
        private boolean anything;

        Walk begin(Route route) {
            if (route.takesBatches()) {
                set.add("batch");
            }
            within.add(route.id());
            follow(route.from().get("steps"));
            return this;
        }

        void follow(Part part) {
            if (part.key().matches("choice|circuitBreaker")) {
                branch(part);
            } else if (part.key().matches("filter|loop|split")) {
                Set<String> before = new TreeSet<>(set);
                part.parts().forEach(this::follow);
                set.retainAll(before);
            } else if (part.parts().isEmpty()) {
                leaf(part);
            } else {
                part.parts().forEach(this::follow);
                result(part);
            }
        }

        private void branch(Part part) {
            Set<String> before = new TreeSet<>(set);
            List<Set<String>> after = Stream.concat(part.get("when").parts().stream(), part.parts().stream())
                    .filter(branch -> !branch.key().equals("when"))
                    .map(branch -> {
                        set.retainAll(before);
                        follow(branch);
                        return (Set<String>) new TreeSet<>(set);
                    })
                    .toList();
            boolean oneIsTaken =
                    part.all("otherwise").findAny().isPresent() || part.key().equals("circuitBreaker");
            set.addAll(after.get(0));
            after.forEach(set::retainAll);
            if (!oneIsTaken) {
                set.retainAll(before);
            }
        }

        private void leaf(Part part) {
            if (part.key().matches("id|description|note|name")) {
                return;
            }
            read(part, part.text());
            if (part.text().startsWith("sql:classpath:")) {
                statement(part)
                        .forEach(file -> read(part, file.withoutComments().text()));
            } else if (part.text().startsWith("direct:") && !part.parent().key().equals("from")) {
                project.targets(part).stream()
                        .flatMap(id -> project.routes().stream()
                                .filter(route -> route.id().equals(id)))
                        .filter(route -> !within.contains(route.id()))
                        .forEach(route -> call(part, route));
            }
        }

        private void call(Part part, Route route) {
            Part outermost = call;
            call = outermost == null ? part : outermost;
            int before = missing.size();
            within.add(route.id());
            follow(route.from().get("steps"));
            within.remove(route.id());
            call = outermost;
            Map<String, String> noted = noted(route);
            missing.subList(before, missing.size())
                    .removeIf(read -> noted.getOrDefault(read.variable(), "").endsWith("or none)"));
        }

        private void result(Part part) {
            String uri = part.get("uri").text();
            if (uri.startsWith("sql:") && part.get("variableReceive").text().isEmpty()) {
                boolean one = part.get("parameters", "outputType").text().equals("SelectOne");
                row = one ? statement(part.get("uri")).findFirst().orElse(null) : null;
            } else if (part.key().matches("setBody|unmarshal")) {
                row = null;
            }
            String bean =
                    uri.startsWith("bean:") ? uri.substring(5) : part.get("ref").text();
            project.bean(bean).ifPresent(found -> run(part, found));
            if (part.key().matches("setVariable|removeVariable")
                    || part.parent().key().equals("variables")) {
                set.add(part.get("name").text());
            }
            set.add(part.get("variableReceive").text());
        }

        private void run(Part part, Text bean) {
            String method =
                    part.get("method").text() + part.get("parameters", "method").text();
            Pattern.compile("\\b" + method + "\\(([^{;]*)\\{")
                    .matcher(bean.text())
                    .results()
                    .limit(1)
                    .flatMap(found -> PARAMETER.matcher(found.group(1)).results())
                    .forEach(parameter -> reads(part, parameter.group(1)));
            SET_BY_JAVA.matcher(bean.text()).results().forEach(variable -> set.add(variable.group(1)));
            if (bean.text().contains("exchange::setVariable")) {
                anything |= row == null;
                columns().forEach(set::add);
            } else if (part.key().equals("bean")) {
                row = null;
            }
        }

        /** The columns of the row that the body is. */
        private Stream<String> columns() {
            return row == null
                    ? Stream.empty()
                    : COLUMN.matcher(row.withoutComments().text())
                            .results()
                            .map(column -> column.group(1) == null ? column.group(2) : column.group(1));
        }

        private Stream<Text> statement(Part uri) {
            return project.texts(uri.text().replace("sql:classpath:", "src/main/resources/"));
        }

        private void read(Part part, String text) {
            READ.matcher(text)
                    .results()
                    .map(read -> IntStream.rangeClosed(1, 3)
                            .mapToObj(read::group)
                            .filter(name -> name != null)
                            .findFirst()
                            .orElseThrow())
                    .forEach(variable -> reads(part, variable));
        }

        private void reads(Part part, String variable) {
            if (anything) {
                perhaps.add(variable);
            } else if (!set.contains(variable)) {
                missing.add(new Read(call == null ? part : call, part.owner(), variable));
            }
        }
    }
}
