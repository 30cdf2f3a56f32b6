package io.feedroutes.reload;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.feedroutes.contract.Contract;
import io.feedroutes.problem.WrongSetting;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.RouteService;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteDefinitionHelper;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.LanguageResolver;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.apache.camel.spring.spi.ApplicationContextBeanRepository;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.FileSystemResource;
import org.springframework.stereotype.Component;

/** Makes the routes of a folder in a Camel context of its own, in which nothing starts and nothing connects, and says what is wrong with them. */
@Component
public final class RoutesCheck implements SmartInitializingSingleton {

    private static final List<String> COMPONENTS =
            List.of(("bean direct json-validator log micrometer platform-http rabbit-batch rest-openapi scheduler"
                            + " spring-rabbitmq spring-redis sql timer")
                    .split(" "));
    private static final List<String> LANGUAGES =
            List.of("bean constant exchangeProperty header jq simple tokenize variable".split(" "));
    private static final Pattern LINE = Pattern.compile("(?:line[: ]+|@)(\\d+)");
    private static final Pattern CALL = Pattern.compile("direct:([\\w-]+)(?![\\w${-])");
    private static final Pattern RESOURCE = Pattern.compile("classpath:([\\w./-]+)");
    private static final Pattern POLICY = Pattern.compile("routeConfigurationId[=:] *\"?([\\w-]+)");
    private static final Pattern OPERATION = Pattern.compile("operationId: *([\\w-]+)");
    private static final Pattern OPTION = Pattern.compile("Unknown parameters=\\[\\{(\\w+)=");
    private static final Pattern PROPERTY = Pattern.compile("Property with key \\[([^]]+)] not found");

    private final ApplicationContext spring;
    private final ModelCamelContext camel;
    private final ResourcesBesideRoutes resources;
    private final String folder;

    RoutesCheck(
            ApplicationContext spring,
            CamelContext camel,
            ResourcesBesideRoutes resources,
            @Value("${feed.routes-directory}") String folder) {
        this.spring = spring;
        this.camel = (ModelCamelContext) camel;
        this.resources = resources;
        this.folder = folder;
    }

    /** @throws WrongSetting when the routes of a folder may not run; those in the jar were checked when it was built */
    @Override
    public void afterSingletonsInstantiated() {
        List<Finding> findings = folder.startsWith("file:") ? check(Path.of(folder.substring(5))) : List.of();
        if (!findings.isEmpty()) {
            throw new WrongSetting(
                    "The routes of %s cannot run:%n%s".formatted(folder, join(findings)),
                    "Correct them. docs/hot-reload.md says where the last routes are that could run");
        }
    }

    /** @return what {@code --check} prints: all that is wrong in a folder, a line for each */
    public String report(String folder) {
        return join(check(Path.of(folder)));
    }

    private static String join(List<Finding> findings) {
        return findings.stream().map(Finding::toString).collect(joining("\n"));
    }

    /** A route of a file, which no context has. */
    record Read(String file, RouteDefinition route) {

        boolean isRest() {
            return Boolean.TRUE.equals(route.isRest());
        }
    }

    /** What becomes of a file that cannot be read. */
    interface Unreadable {
        void file(String name, Exception failure) throws Exception;
    }

    /** @return the routes of a folder as a context would have them, whose policies and beans it has now */
    static List<Read> read(ModelCamelContext camel, Path root, RoutesFolder folder, Unreadable unreadable)
            throws Exception {
        Map<String, RouteBuilder> builders = new TreeMap<>();
        camel.getRouteConfigurationDefinitions().clear();
        for (String name : folder.routes()) {
            try {
                Resource file = PluginHelper.getResourceLoader(camel).resolveResource("file:" + root.resolve(name));
                for (RoutesBuilder builder : PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(file))) {
                    ((RouteConfigurationsBuilder) builder).addRouteConfigurationsToCamelContext(camel);
                    builders.put(name, (RouteBuilder) builder);
                }
            } catch (Exception e) {
                unreadable.file(name, e);
            }
        }
        List<Read> routes = new ArrayList<>();
        Function<RouteDefinition, Boolean> wanted = camel.getRouteFilter();
        for (Map.Entry<String, RouteBuilder> file : builders.entrySet()) {
            // So that Camel adds none of them.
            camel.setRouteFilter(route ->
                    (wanted == null || wanted.apply(route)) && routes.add(new Read(file.getKey(), route)) && false);
            try {
                file.getValue().addRoutesToCamelContext(camel);
            } catch (Exception e) {
                unreadable.file(file.getKey(), e);
            } finally {
                camel.setRouteFilter(wanted);
            }
        }
        return routes;
    }

    /** @return all that is wrong, in the order of the files; nothing when the routes may run */
    List<Finding> check(Path root) {
        Set<Finding> findings = new TreeSet<>(comparing(Finding::file).thenComparing(Finding::line));
        try (DefaultCamelContext scratch = scratch(root)) {
            RoutesFolder found = RoutesFolder.read(root);
            boolean hasContract = hasContract(root, findings);
            found.routes().stream()
                    .filter(file -> !found.isList(file))
                    .forEach(
                            file -> findings.add(
                                    new Finding(
                                            file,
                                            1,
                                            "the root is no list, so Camel would skip the file; start with '- route:', or delete the file")));
            List<Read> routes = read(scratch, root, found, (file, e) -> findings.add(finding(file, 1, e)));
            boolean isWhole = findings.isEmpty();
            Map<String, Read> ids = new HashMap<>();
            for (Read read : routes) {
                RouteDefinition route = read.route();
                Read first = ids.putIfAbsent(String.valueOf(route.getRouteId()), read);
                if (first != null) {
                    findings.add(new Finding(
                            read.file(),
                            route.getLineNumber(),
                            "the id '%s' is that of a route of %s; write one of its own"
                                    .formatted(route.getRouteId(), first.file())));
                } else if ((hasContract || !read.isRest())
                        && (camel.getRouteFilter() == null
                                || camel.getRouteFilter().apply(route))) {
                    // Else it is of a node in another role, whose beans are not here.
                    create(scratch, read, findings);
                }
            }
            Set<String> inputs = routes.stream()
                    .map(read -> read.route().getInput().getEndpointUri())
                    .collect(toSet());
            Set<String> policies = scratch.getRouteConfigurationDefinitions().stream()
                    .map(RouteConfigurationDefinition::getId)
                    .collect(toSet());
            Predicate<String> hasRoute = name -> !isWhole || inputs.contains("direct:" + name);
            for (String file : found.routes()) {
                findings.addAll(found.lack(
                        file, CALL, hasRoute, "no route starts from direct:%s; write one, or call one that is there"));
                findings.addAll(found.lack(
                        file,
                        RESOURCE,
                        name -> PluginHelper.getResourceLoader(scratch)
                                .resolveResource("classpath:" + name)
                                .exists(),
                        "there is no file %s; write it beside the routes"));
                findings.addAll(found.lack(
                        file,
                        POLICY,
                        name -> !isWhole || policies.contains(name),
                        "there is no policy '%s'; write one of reliability.camel.yaml"));
            }
            findings.addAll(found.lack(
                    RoutesFolder.CONTRACT,
                    OPERATION,
                    hasRoute,
                    "the operation %1$s has no route; write one that starts from direct:%1$s"));
        } catch (Exception e) {
            findings.add(finding(root.toString(), 1, e));
        }
        return List.copyOf(findings);
    }

    private DefaultCamelContext scratch(Path root) throws Exception {
        DefaultCamelContext scratch =
                new DefaultCamelContext(new DefaultRegistry(new ApplicationContextBeanRepository(spring)));
        scratch.disableJMX();
        scratch.setSourceLocationEnabled(true);
        scratch.setStartupSummaryLevel(StartupSummaryLevel.Off);
        ((PropertiesComponent) scratch.getPropertiesComponent())
                .setPropertiesParser(new SpringPropertiesParser(spring.getEnvironment()) {
                    @Override
                    public String customLookup(String key) {
                        return key.equals("feed.routes-directory") ? "file:" + root : super.customLookup(key);
                    }
                });
        resources.beforeApplicationStart(scratch);
        ComponentResolver components = PluginHelper.getComponentResolver(scratch);
        LanguageResolver languages = PluginHelper.getLanguageResolver(scratch);
        ExtendedCamelContext extension = scratch.getCamelContextExtension();
        extension.addContextPlugin(
                ComponentResolver.class,
                (name, camel) -> components.resolveComponent(allowed("component", name, COMPONENTS), camel));
        extension.addContextPlugin(
                LanguageResolver.class,
                (name, camel) -> languages.resolveLanguage(allowed("language", name, LANGUAGES), camel));
        scratch.init();
        return scratch;
    }

    private static String allowed(String kind, String name, List<String> all) {
        if (!all.contains(name)) {
            throw new IllegalArgumentException(
                    "the %s '%s' is not for routes; write one of %s".formatted(kind, name, String.join(", ", all)));
        }
        return name;
    }

    private boolean hasContract(Path root, Set<Finding> findings) {
        try {
            new Contract(new FileSystemResource(root.resolve(RoutesFolder.CONTRACT)));
            return true;
        } catch (Exception e) {
            return !findings.add(finding(RoutesFolder.CONTRACT, 1, e));
        }
    }

    private void create(DefaultCamelContext scratch, Read read, Set<Finding> findings) {
        RouteDefinition route = read.route();
        try {
            RouteDefinitionHelper.prepareRoute(scratch, route);
            route.markPrepared();
            new RouteService((Route) scratch.getModelReifierFactory().createRoute(scratch, route)).setUp();
        } catch (Exception e) {
            int line =
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)
                            .stream()
                            .filter(step -> e.toString().contains(step.toString()))
                            .mapToInt(ProcessorDefinition::getLineNumber)
                            .reduce(route.getLineNumber(), (outer, inner) -> inner);
            findings.add(finding(read.file(), line, e));
        }
    }

    /** @param line where it begins; the last place that a parser names is where it stopped */
    private Finding finding(String file, int line, Exception failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String text = String.valueOf(cause.getMessage());
        Matcher option = OPTION.matcher(text);
        Matcher property = PROPERTY.matcher(text);
        if (cause instanceof NoSuchBeanException bean) {
            text = "there is no bean '%s'; write one of %s".formatted(bean.getName(), beans());
        } else if (cause instanceof ResolveEndpointFailedException endpoint && option.find()) {
            text = "there is no option '%s'; write one of %s".formatted(option.group(1), options(endpoint.getUri()));
        } else if (property.find()) {
            text = "there is no property '%s'; write one of application.yaml".formatted(property.group(1));
        } else if (!text.contains("is not for routes")) {
            line = LINE.matcher(failure + " " + cause)
                    .results()
                    .mapToInt(place -> Integer.parseInt(place.group(1)))
                    .reduce(line, (context, place) -> place);
            text = text.lines()
                            .filter(part -> !part.isBlank() && !part.startsWith(" "))
                            .reduce("", (context, reason) -> reason)
                    + "; correct this line, or the one above";
        }
        return new Finding(file, line, text);
    }

    private String options(String uri) {
        String component = uri.split(":")[0].replace("rabbit-batch", "spring-rabbitmq");
        EndpointUriFactory factory = camel.getCamelContextExtension().getEndpointUriFactory(component);
        return factory == null ? component : String.join(", ", new TreeSet<>(factory.propertyNames()));
    }

    /** Routes call public classes of ours. */
    private String beans() {
        return Arrays.stream(spring.getBeanNamesForAnnotation(Component.class))
                .filter(name -> spring.getType(name).getName().startsWith("io.feedroutes."))
                .filter(name -> Modifier.isPublic(spring.getType(name).getModifiers()))
                .sorted()
                .collect(joining(", "));
    }
}
