package io.feedroutes.messaging;

import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.ExchangeException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.AmqpIOException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Whether the broker has all that the application has declared, as the route {@code queue-watch} last saw it: the health {@code DOWN} when something was
 * missing, {@code DEGRADED} while a dead-letter queue is not empty, and the gauges {@code feed.dead.letters}, {@code feed.queue.messages} and
 * {@code feed.queue.consumers}. None of them waits for the broker.
 */
@Component("queues")
public final class QueueWatch implements HealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    private final AmqpAdmin broker;
    private final ConfirmedPublisher publisher;
    private final Declarables topology;
    private final Map<String, Integer> deadLetters = new ConcurrentHashMap<>();
    private final Map<String, Integer> messages = new ConcurrentHashMap<>();
    private final Map<String, Integer> consumers = new ConcurrentHashMap<>();
    private volatile Map<String, Integer> taken = Map.of();
    private volatile Set<String> missing = Set.of();

    QueueWatch(AmqpAdmin broker, ConfirmedPublisher publisher, Declarables topology, MeterRegistry meters) {
        this.broker = broker;
        this.publisher = publisher;
        this.topology = topology;
        topology.getDeclarablesByType(Queue.class).stream()
                // The name of a queue that a node has for itself is another after each start.
                .filter(queue -> !queue.isExclusive())
                .map(Queue::getName)
                .forEach(queue -> {
                    if (queue.endsWith(".dlq")) {
                        gauge("feed.dead.letters", "Messages that could not be applied", queue, deadLetters, meters);
                    } else {
                        gauge("feed.queue.messages", "Messages that no consumer has yet", queue, messages, meters);
                        gauge("feed.queue.consumers", "Consumers of all nodes", queue, consumers, meters);
                    }
                });
    }

    private static void gauge(
            String name, String description, String queue, Map<String, Integer> seen, MeterRegistry meters) {
        seen.put(queue, 0);
        Gauge.builder(name, seen, last -> last.get(queue))
                .description(description + ", as last counted")
                .tag("queue", queue)
                .register(meters);
    }

    /** Notes how many {@code letters} of each {@code queue} operators have taken to the database and not settled. */
    public void note(List<Map<String, Object>> rows) {
        taken = rows.stream()
                .collect(toMap(row -> (String) row.get("queue"), row -> ((Number) row.get("letters")).intValue()));
    }

    /**
     * Declares everything again when something is missing. Bindings are declared in any case: the broker cannot be asked for them, and says that a message
     * finds none only while no other queue is bound.
     *
     * @throws AmqpException when the broker is away; what was seen last stays
     */
    public void look() {
        Set<String> found = new TreeSet<>(publisher.takeUnroutable());
        for (Queue queue : topology.getDeclarablesByType(Queue.class)) {
            QueueInformation information = broker.getQueueInfo(queue.getName());
            if (information == null) {
                found.add("queue " + queue.getName());
            } else {
                deadLetters.computeIfPresent(
                        queue.getName(), (name, last) -> information.getMessageCount() + taken.getOrDefault(name, 0));
                messages.computeIfPresent(queue.getName(), (name, last) -> information.getMessageCount());
                consumers.computeIfPresent(queue.getName(), (name, last) -> information.getConsumerCount());
            }
        }
        try {
            topology.getDeclarablesByType(Binding.class).stream()
                    .filter(Binding::shouldDeclare)
                    .forEach(broker::declareBinding);
        } catch (AmqpIOException e) {
            found.add(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
        if (!found.isEmpty()) {
            broker.initialize();
        }
        missing = found;
    }

    /** @return why a message becomes a dead letter: the text of the deepest cause, without line breaks, at most 500 characters */
    public String reason(@ExchangeException Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String text = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        return text.substring(0, Math.min(text.length(), 500));
    }

    @Override
    public Health health() {
        Map<String, Integer> filled = new HashMap<>(deadLetters);
        filled.values().removeIf(depth -> depth == 0);
        Health.Builder health =
                missing.isEmpty() ? Health.status(filled.isEmpty() ? Status.UP : DEGRADED) : Health.down();
        return health.withDetails(filled).withDetail("missing", missing).build();
    }
}
