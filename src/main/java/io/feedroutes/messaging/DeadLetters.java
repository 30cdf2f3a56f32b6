package io.feedroutes.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.ExchangeException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * The depths of the dead-letter queues as they were last counted: the gauges {@code feed.dead.letters}, and the health {@code DEGRADED} while
 * one of them is not empty. Neither waits for the broker.
 */
@Component("deadLetters")
public final class DeadLetters implements HealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    private final AmqpAdmin broker;
    private final Map<String, Integer> depths = new ConcurrentHashMap<>();

    DeadLetters(AmqpAdmin broker, Declarables topology, MeterRegistry meters) {
        this.broker = broker;
        topology.getDeclarablesByType(Queue.class).stream()
                .map(Queue::getName)
                .filter(name -> name.endsWith(".dlq"))
                .forEach(queue -> {
                    depths.put(queue, 0);
                    Gauge.builder("feed.dead.letters", depths, last -> last.get(queue))
                            .description("Messages that could not be applied, as last counted")
                            .tag("queue", queue)
                            .register(meters);
                });
    }

    /** @throws AmqpException when the broker is away; the depths stay what they were */
    public void count() {
        depths.replaceAll((queue, last) -> {
            QueueInformation found = broker.getQueueInfo(queue);
            return found == null ? 0 : found.getMessageCount();
        });
    }

    /** @return why a message becomes a dead letter: the text of the deepest cause, without line breaks, at most 500 characters */
    public String reason(@ExchangeException Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String text = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        return text.substring(0, Math.min(text.length(), 500));
    }

    @Override
    public Health health() {
        Map<String, Integer> filled = new HashMap<>(depths);
        filled.values().removeIf(depth -> depth == 0);
        return Health.status(filled.isEmpty() ? Status.UP : DEGRADED)
                .withDetails(filled)
                .build();
    }
}
