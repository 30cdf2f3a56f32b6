package io.feedroutes.reload;

import static java.util.stream.Collectors.toSet;

import io.feedroutes.contract.Contract;
import io.feedroutes.reload.RoutesCheck.Read;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * Puts routes in the place of those that run. Camel would stop a route, wait until it has ended what it does, and only then make the next one: here the next
 * one takes what comes from now on, and the old one ends what it has begun.
 */
@Component
final class RouteExchange {

    private static final Logger LOG = LoggerFactory.getLogger(RouteExchange.class);
    private static final long DRAIN_MILLIS = 20_000;
    private static final long COUNT_NANOS = 5_000_000_000L;

    private final ModelCamelContext camel;
    private final ExtendedCamelContext extension;
    private final Contract contract;
    private final CamelRequestHandlerMapping paths;
    private final AsyncTaskExecutor background;

    RouteExchange(
            CamelContext camel,
            Contract contract,
            CamelRequestHandlerMapping paths,
            AsyncTaskExecutor applicationTaskExecutor) {
        this.camel = (ModelCamelContext) camel;
        this.extension = camel.getCamelContextExtension();
        this.contract = contract;
        this.paths = paths;
        this.background = applicationTaskExecutor;
    }

    /** Exchanges the routes of the files that have changed, and ends those that are in no file any more. */
    synchronized void exchange(Path root, RoutesFolder now, Set<String> changed) throws Exception {
        camel.getEndpointRegistry()
                .values()
                .removeIf(endpoint -> changed.stream().anyMatch(endpoint.getEndpointUri()::contains));
        List<Read> routes = RoutesCheck.read(camel, root, now, (file, failure) -> {
            throw failure;
        });
        routes.stream().filter(Read::isRest).map(Read::route).forEach(this::nameRest);
        List<Route> old = new ArrayList<>();
        for (Read read : routes) {
            if (changed.contains(read.file()) && !read.isRest()) {
                replace(read.route(), old);
            }
        }
        for (Read read : routes) {
            if (changed.contains(read.file()) && read.isRest()) {
                contract.change(new Contract(new FileSystemResource(root.resolve(RoutesFolder.CONTRACT))), () -> {
                    replace(read.route(), old);
                    forgetPaths();
                    return null;
                });
            }
        }
        Set<String> ids = routes.stream().map(read -> read.route().getRouteId()).collect(toSet());
        detach(route -> !ids.contains(route.getId()), old);
        forgetPaths();
        background.execute(() -> retire(old));
    }

    /** There is one, and the next one takes its place whatever the file calls it. */
    private void nameRest(RouteDefinition rest) {
        camel.getRoutes().stream().filter(Route::isCreatedByRestDsl).forEach(route -> rest.setId(route.getId()));
    }

    private void replace(RouteDefinition next, List<Route> old) throws Exception {
        String id = next.getRouteId();
        if (camel.getRoute(id) != null
                && !camel.getRouteController().getRouteStatus(id).isStarted()) {
            // An operator has stopped it.
            next.autoStartup(false);
        }
        String input = next.getInput().getEndpointUri();
        detach(
                route -> route.getId().equals(id)
                        || isDirect(route)
                                && route.getEndpoint()
                                        .getEndpointKey()
                                        .replace("//", "")
                                        .equals(input),
                old);
        camel.getRouteDefinitions().add(next);
        camel.startRouteDefinitions(List.of(next));
    }

    /** Takes routes out of the context. They end what they have begun; who calls one waits until the next one is there. */
    private void detach(Predicate<Route> which, List<Route> detached) throws Exception {
        for (Route route : camel.getRoutes().stream().filter(which).toList()) {
            if (isDirect(route)) {
                ((DirectConsumer) route.getConsumer()).suspend();
            }
            extension.removeRoute(route);
            extension.getRouteStartupOrder().removeIf(order -> order.getRoute() == route);
            camel.getRouteDefinitions().removeIf(definition -> route.getId().equals(definition.getRouteId()));
            for (LifecycleStrategy strategy : camel.getLifecycleStrategies()) {
                List.copyOf(route.getServices()).forEach(service -> strategy.onServiceRemove(camel, service, route));
                strategy.onRoutesRemove(List.of(route));
            }
            detached.add(route);
        }
    }

    private static boolean isDirect(Route route) {
        return route.getConsumer() instanceof DirectConsumer;
    }

    /** Spring goes on to send requests for a path to the route that had it. */
    private void forgetPaths() {
        Set<Object> answer = camel.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(PlatformHttpConsumerAware.class::isInstance)
                .map(consumer -> ((PlatformHttpConsumerAware) consumer).getPlatformHttpConsumer())
                .collect(toSet());
        paths.getHandlerMethods().forEach((path, handler) -> {
            if (!answer.contains(handler.getBean())) {
                paths.unregisterMapping(path);
            }
        });
    }

    /** A call that has found its route is not yet counted, on a busy machine for a while. A route that has ended refuses it. */
    private void retire(List<Route> old) {
        old.forEach(route -> ServiceHelper.stopService(route.getConsumer()));
        long end = System.currentTimeMillis() + DRAIN_MILLIS;
        do {
            LockSupport.parkNanos(COUNT_NANOS);
        } while (System.currentTimeMillis() < end
                && old.stream().anyMatch(route -> camel.getInflightRepository().size(route.getId()) > 0));
        old.forEach(route -> ServiceHelper.stopAndShutdownServices(route.getServices()));
        old.forEach(this::forget);
    }

    private synchronized void forget(Route old) {
        if (camel.getRoute(old.getId()) == null) {
            try {
                camel.getRouteController().stopRoute(old.getId());
                camel.removeRoute(old.getId());
            } catch (Exception e) {
                LOG.warn("{} is not removed: {}", old.getId(), e.toString());
            }
        }
    }
}
