package io.feedroutes.reload;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.Resource;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Looks at the folder of the routes, and takes over what was saved there when all of it is right: else nothing changes, and the log, the health
 * {@code routes} and the gauges {@code feed.routes.wrong} say what is wrong. The last state that was right is kept on disk.
 */
@Component("routes")
@EnableScheduling
@ConditionalOnProperty("feed.routes-reload")
@Profile("!patterns")
final class RoutesReload implements HealthIndicator {

    private static final Logger LOG = LoggerFactory.getLogger(RoutesReload.class);
    private static final Path LAST_GOOD = Path.of(".run/routes");
    private static final Path NEXT = Path.of(".run/routes.next");

    private final CamelContext camel;
    private final Path folder;
    private final RoutesCheck check;
    private final RouteExchange routes;
    private final ConfigurableEnvironment environment;
    private final MultiGauge wrong;
    private RoutesFolder running;
    private RoutesFolder tried;
    private RoutesFolder seen;
    private volatile List<Finding> findings = List.of();

    RoutesReload(
            CamelContext camel,
            @Value("${feed.routes-directory}") Resource folder,
            RoutesCheck check,
            RouteExchange routes,
            ConfigurableEnvironment environment,
            MeterRegistry meters)
            throws IOException {
        this.camel = camel;
        this.folder = folder.getFile().toPath();
        this.check = check;
        this.routes = routes;
        this.environment = environment;
        this.wrong = MultiGauge.builder("feed.routes.wrong")
                .description("Why what was saved in the folder of the routes is not taken over")
                .register(meters);
        this.running = RoutesFolder.read(this.folder);
        this.tried = running;
    }

    /** Who saves several files, or a long one, is given time to end. */
    @Scheduled(initialDelay = 500, fixedDelay = 500)
    void look() {
        if (!camel.isStarted()) {
            return;
        }
        try {
            if (seen == null) {
                running.write(LAST_GOOD);
            }
            RoutesFolder now = RoutesFolder.read(folder);
            if (now.equals(seen) && !now.equals(tried)) {
                tried = now;
                note(take(now));
            }
            seen = now;
        } catch (Exception e) {
            LOG.warn("The routes of {} are tried again", folder, e);
            tried = null;
            note(List.of(new Finding(folder.toString(), 1, e.toString())));
        }
    }

    private List<Finding> take(RoutesFolder next) throws Exception {
        next.write(NEXT);
        List<Finding> found = check.check(NEXT);
        Set<String> changed = next.changedSince(running);
        if (found.isEmpty() && !changed.isEmpty()) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("routes", Map.of("feed.routes-directory", "file:" + LAST_GOOD)));
            try {
                next.write(LAST_GOOD);
                routes.exchange(LAST_GOOD, next, changed);
                running = next;
            } catch (Exception e) {
                running.write(LAST_GOOD);
                routes.exchange(LAST_GOOD, running, changed);
                return List.of(new Finding(changed.toString(), 1, e.toString()));
            }
        }
        return found;
    }

    private void note(List<Finding> found) {
        if (found.equals(findings) && !found.isEmpty()) {
            return;
        }
        findings = found;
        wrong.register(
                found.stream()
                        .map(finding -> MultiGauge.Row.of(
                                Tags.of("file", finding.file(), "line", "" + finding.line(), "reason", finding.text()),
                                1))
                        .toList(),
                true);
        found.forEach(finding -> LOG.warn("The routes stay as they are: {}", finding));
        if (found.isEmpty()) {
            LOG.info("The routes are those of {}", folder);
        }
    }

    @Override
    public Health health() {
        List<Finding> found = findings;
        return Health.status(found.isEmpty() ? Status.UP : new Status("DEGRADED"))
                .withDetail("wrong", found.stream().map(Finding::toString).toList())
                .build();
    }
}
