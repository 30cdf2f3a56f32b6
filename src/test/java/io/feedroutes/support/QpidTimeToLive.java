package io.feedroutes.support;

import java.util.Map;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/** Declares queues with a time to live also in Qpid's words: what expires goes to another queue, on it as on RabbitMQ. */
@Component
final class QpidTimeToLive implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof Declarables topology && !ServiceSettings.external()) {
            topology.getDeclarablesByType(Queue.class).stream()
                    .filter(queue -> queue.getArguments().containsKey("x-message-ttl"))
                    .forEach(QpidTimeToLive::translate);
        }
        return bean;
    }

    /** Qpid takes an argument that has the name of one of its attributes. */
    private static void translate(Queue queue) {
        Map<String, Object> arguments = queue.getArguments();
        queue.addArgument("maximumMessageTtl", arguments.get("x-message-ttl"));
        queue.addArgument("expiryPolicy", "ROUTE_TO_ALTERNATE");
        queue.addArgument("alternateBinding", Map.of("destination", arguments.get("x-dead-letter-routing-key")));
    }
}
