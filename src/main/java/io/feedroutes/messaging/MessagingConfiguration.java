package io.feedroutes.messaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueBuilder.Overflow;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.amqp.ConnectionFactoryCustomizer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** The two RabbitMQ components of the routes, and the broker's topology. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingConfiguration.Topology.class)
class MessagingConfiguration {

    /**
     * @param queueType {@code quorum}, or {@code classic} for queues and exchanges without any argument, as the Go system declares them;
     *     those with a time to live, which are ours alone, keep it
     * @param role {@code worker} for a node that answers no requests, and needs no queue of its own
     * @param topology what is declared on every connection to the broker
     */
    @ConfigurationProperties("feed")
    record Topology(QueueType queueType, String role, List<Route> topology) {}

    enum QueueType {
        QUORUM,
        CLASSIC
    }

    /**
     * A durable exchange, a queue and what binds them.
     *
     * @param exchange none for a queue that the default exchange reaches by its name
     * @param key a binding key: words separated by dots; {@code *} is one word, {@code #} any number of them. None for a fanout exchange, whose
     *     messages go to all its queues
     * @param perNode whether each node has a queue of its own, which goes when the node goes, instead of a durable one for all of them
     * @param ttl how long a message stays in the queue, which nobody takes from
     * @param then the queue that a message goes to after that time
     * @param delayed whether the exchange is of the delayed-message plugin, and declared only where the broker has it
     */
    record Route(
            String exchange, String queue, String key, boolean perNode, Duration ttl, String then, boolean delayed) {}

    private static final int MOST_MESSAGES_OF_A_NODE = 10_000;

    private final String node = UUID.randomUUID().toString();

    @Bean("spring-rabbitmq")
    SpringRabbitMQComponent springRabbitmq(
            CamelContext camel,
            ConnectionFactory connections,
            ObjectMapper json,
            @Value("${feed.confirm-timeout}") long confirmTimeoutMillis) {
        return new ConfirmedRabbitComponent(camel, connections, json, confirmTimeoutMillis);
    }

    @Bean("rabbit-batch")
    SpringRabbitMQComponent rabbitBatch(
            CamelContext camel,
            ConnectionFactory connections,
            Topology topology,
            @Value("${feed.batch-size}") int batchSize,
            @Value("${feed.consumers}") int consumers) {
        List<String> ofNodes = topology.topology().stream()
                .filter(Route::perNode)
                .map(Route::queue)
                .toList();
        return new BatchRabbitComponent(
                camel, connections, batchSize, consumers, queue -> ofNodes.contains(queue) ? ofNode(queue) : queue);
    }

    @Bean
    Declarables topology(Topology topology) {
        return new Declarables(topology.topology().stream()
                .filter(route -> !(route.perNode() && "worker".equals(topology.role())))
                .filter(route -> !route.delayed())
                .flatMap(route -> declarables(route, topology.queueType()))
                .toList());
    }

    @Bean
    @DependsOn("amqpAdmin") // which declares the queues first
    BrokerPlugin delayPlugin(CachingConnectionFactory connections, Topology topology) {
        return new BrokerPlugin(
                connections,
                "x-delayed-message",
                Map.of("x-delayed-type", "direct"),
                topology.topology().stream()
                        .filter(Route::delayed)
                        .map(route ->
                                new Binding(route.queue(), DestinationType.QUEUE, route.exchange(), route.key(), null))
                        .toList());
    }

    private Stream<Declarable> declarables(Route route, QueueType type) {
        if (route.perNode()) {
            Queue queue = QueueBuilder.nonDurable(ofNode(route.queue()))
                    .exclusive()
                    .maxLength(MOST_MESSAGES_OF_A_NODE)
                    .build();
            return exchangeWith(queue, route);
        }
        if (route.ttl() != null) {
            return Stream.of(tier(route, type));
        }
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
        return Stream.concat(Stream.of(deadLetters), exchangeWith(queue, route));
    }

    /** A message that expires stays in a quorum queue until the next one has confirmed it. */
    private static Queue tier(Route route, QueueType type) {
        QueueBuilder tier = QueueBuilder.durable(route.queue())
                .ttl((int) route.ttl().toMillis())
                .deadLetterExchange("")
                .deadLetterRoutingKey(route.then());
        return asItIsThere(
                type == QueueType.CLASSIC
                        ? tier
                        : tier.quorum()
                                .overflow(Overflow.rejectPublish)
                                .withArgument("x-dead-letter-strategy", "at-least-once"));
    }

    private static Stream<Declarable> exchangeWith(Queue queue, Route route) {
        if (route.exchange() == null) {
            return Stream.of(queue);
        }
        if (route.key() == null) {
            FanoutExchange exchange = new FanoutExchange(route.exchange());
            return Stream.of(exchange, queue, BindingBuilder.bind(queue).to(exchange));
        }
        TopicExchange exchange = new TopicExchange(route.exchange());
        return Stream.of(
                exchange, queue, BindingBuilder.bind(queue).to(exchange).with(route.key()));
    }

    private String ofNode(String queue) {
        return queue + "." + node;
    }

    private static Queue queue(String name, QueueType type, Map<String, Object> arguments) {
        QueueBuilder queue = QueueBuilder.durable(name);
        return asItIsThere(type == QueueType.CLASSIC ? queue : queue.quorum().withArguments(arguments));
    }

    /** A queue that is there with other arguments is used as it is; else nothing after it would be declared. */
    private static Queue asItIsThere(QueueBuilder builder) {
        Queue queue = builder.build();
        queue.setIgnoreDeclarationExceptions(true);
        return queue;
    }

    /** Spring Boot has no property for the time that the handshake may take. */
    @Bean
    ConnectionFactoryCustomizer shortHandshake() {
        return connections -> connections.setHandshakeTimeout(connections.getConnectionTimeout());
    }
}
