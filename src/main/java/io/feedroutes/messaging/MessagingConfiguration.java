package io.feedroutes.messaging;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.amqp.ConnectionFactoryCustomizer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two RabbitMQ components of the routes, and the broker's topology. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingConfiguration.Topology.class)
class MessagingConfiguration {

    /**
     * @param queueType {@code quorum}, or {@code classic} for queues and exchanges without any argument, as the Go system declares them
     * @param topology what is declared on every connection to the broker
     */
    @ConfigurationProperties("feed")
    record Topology(QueueType queueType, List<Route> topology) {}

    enum QueueType {
        QUORUM,
        CLASSIC
    }

    /**
     * A durable topic exchange, a durable queue and what binds them.
     *
     * @param key a binding key: words separated by dots; {@code *} is one word, {@code #} any number of them
     */
    record Route(String exchange, String queue, String key) {}

    @Bean("spring-rabbitmq")
    SpringRabbitMQComponent springRabbitmq(CamelContext camel, ConnectionFactory connections) {
        return new ConfirmedRabbitComponent(camel, connections);
    }

    @Bean("rabbit-batch")
    SpringRabbitMQComponent rabbitBatch(
            CamelContext camel,
            ConnectionFactory connections,
            @Value("${feed.batch-size}") int batchSize,
            @Value("${feed.consumers}") int consumers) {
        return new BatchRabbitComponent(camel, connections, batchSize, consumers);
    }

    @Bean
    Declarables topology(Topology topology) {
        return new Declarables(topology.topology().stream()
                .flatMap(route -> declarables(route, topology.queueType()))
                .toList());
    }

    private static Stream<Declarable> declarables(Route route, QueueType type) {
        TopicExchange exchange = new TopicExchange(route.exchange());
        Queue deadLetters = queue(route.queue() + ".dlq", type, Map.of());
        // The routes park what fails; the broker's own dead-lettering is the net for what they cannot, and never meets
        // a healthy message.
        Queue queue = queue(
                route.queue(),
                type,
                Map.of(
                        "x-dead-letter-exchange",
                        "",
                        "x-dead-letter-routing-key",
                        deadLetters.getName(),
                        "x-delivery-limit",
                        1000));
        Binding binding = BindingBuilder.bind(queue).to(exchange).with(route.key());
        return Stream.of(exchange, deadLetters, queue, binding);
    }

    private static Queue queue(String name, QueueType type, Map<String, Object> arguments) {
        QueueBuilder queue = QueueBuilder.durable(name);
        return type == QueueType.CLASSIC
                ? queue.build()
                : queue.quorum().withArguments(arguments).build();
    }

    /** Spring Boot has no property for the time that the handshake may take. */
    @Bean
    ConnectionFactoryCustomizer shortHandshake() {
        return connections -> connections.setHandshakeTimeout(connections.getConnectionTimeout());
    }
}
