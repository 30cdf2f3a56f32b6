package io.feedroutes.support;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Exchange;
import org.springframework.amqp.core.Queue;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Declares the topology also in Qpid's words. What expires goes to another queue, on it as on RabbitMQ. A message for a queue goes to the queue, though an
 * exchange has the same name: Qpid would take the exchange, without a routing key.
 */
@Component
final class QpidTopology implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof Declarables topology) || ServiceSettings.external()) {
            return bean;
        }
        topology.getDeclarablesByType(Queue.class).stream()
                .filter(queue -> queue.getArguments().containsKey("x-message-ttl"))
                .forEach(QpidTopology::translate);
        Set<String> exchanges = topology.getDeclarablesByType(Exchange.class).stream()
                .map(Exchange::getName)
                .collect(Collectors.toSet());
        Stream<Declarable> bindings = topology.getDeclarablesByType(Queue.class).stream()
                .map(Queue::getName)
                .filter(exchanges::contains)
                .map(queue -> new Binding(queue, DestinationType.QUEUE, queue, "", Map.of()));
        return new Declarables(
                Stream.concat(topology.getDeclarables().stream(), bindings).toList());
    }

    /** Qpid takes an argument that has the name of one of its attributes. */
    private static void translate(Queue queue) {
        Map<String, Object> arguments = queue.getArguments();
        queue.addArgument("maximumMessageTtl", arguments.get("x-message-ttl"));
        queue.addArgument("expiryPolicy", "ROUTE_TO_ALTERNATE");
        queue.addArgument("alternateBinding", Map.of("destination", arguments.get("x-dead-letter-routing-key")));
    }
}
