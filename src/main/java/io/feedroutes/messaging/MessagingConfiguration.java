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
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.amqp.ConnectionFactoryCustomizer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two RabbitMQ components of the routes, and what is declared on every connection to the broker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({MessagingConfiguration.Topology.class, MessagingConfiguration.Patterns.class})
class MessagingConfiguration {

    /**
     * @param queueType {@code quorum}, or {@code classic} for queues and exchanges without any argument, as the Go system declares them;
     *     those with a time to live, which are ours alone, keep it
     * @param role {@code worker} for a node that answers no requests, and needs no queue of its own
     */
    @ConfigurationProperties("feed")
    record Topology(QueueType queueType, String role, List<Route> topology) {}

    enum QueueType {
        QUORUM,
        CLASSIC
    }

    /** @param topology by pattern, queues that are as they say; none without the profile {@code patterns} */
    @ConfigurationProperties("patterns")
    record Patterns(@DefaultValue Map<String, List<Route>> topology) {}

    /**
     * A durable exchange, a queue and what binds them.
     *
     * @param exchange none for a queue that the default exchange reaches by its name
     * @param type of the exchange; without one it is a topic exchange, or a fanout exchange when there is no key. A type that a plugin brings begins
     *     with {@code x-}, and is not declared with the others
     * @param key the binding key, of a topic exchange words separated by dots; {@code *} is one word, {@code #} any number of them
     * @param match what a headers exchange compares
     * @param arguments of the queue of a pattern
     * @param perNode whether each node has a queue of its own, which goes when the node goes, instead of a durable one for all of them
     * @param ttl how long a message stays in the queue, which nobody takes from
     * @param then the queue that a message goes to after that time
     */
    record Route(
            String exchange,
            String type,
            String queue,
            String key,
            Map<String, Object> match,
            Map<String, Object> arguments,
            boolean perNode,
            Duration ttl,
            String then) {

        private Stream<Declarable> with(Queue declared) {
            if (exchange == null) {
                return Stream.of(declared);
            }
            String unlessSaid = key == null ? "fanout" : "topic";
            ExchangeBuilder from = new ExchangeBuilder(exchange, type == null ? unlessSaid : type);
            Binding binding =
                    new Binding(declared.getName(), DestinationType.QUEUE, exchange, key == null ? "" : key, match);
            if (type != null && type.startsWith("x-")) {
                from.suppressDeclaration();
                binding.setShouldDeclare(false);
            }
            return Stream.of(from.build(), declared, binding);
        }
    }

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
    Declarables topology(Topology topology, Patterns patterns) {
        return new Declarables(Stream.concat(
                        topology.topology().stream()
                                .filter(route -> !(route.perNode() && "worker".equals(topology.role())))
                                .flatMap(route -> declarables(route, topology.queueType())),
                        patterns.topology().values().stream()
                                .flatMap(List::stream)
                                .flatMap(route ->
                                        route.with(new Queue(route.queue(), true, false, false, route.arguments()))))
                .toList());
    }

    private Stream<Declarable> declarables(Route route, QueueType type) {
        if (route.perNode()) {
            return route.with(QueueBuilder.nonDurable(ofNode(route.queue()))
                    .exclusive()
                    .maxLength(MOST_MESSAGES_OF_A_NODE)
                    .build());
        }
        if (route.ttl() != null) {
            QueueBuilder tier = QueueBuilder.durable(route.queue())
                    .ttl((int) route.ttl().toMillis())
                    .deadLetterExchange("")
                    .deadLetterRoutingKey(route.then());
            // A message that expires stays in a quorum queue until the next one has confirmed it.
            return route.with(queue(
                    tier, type, Map.of("x-overflow", "reject-publish", "x-dead-letter-strategy", "at-least-once")));
        }
        String deadLetters = route.queue() + ".dlq";
        // The routes park what fails; the broker's own dead-lettering is the net for what they cannot, and never meets
        // a healthy message.
        Map<String, Object> net = Map.of(
                "x-dead-letter-exchange", "", "x-dead-letter-routing-key", deadLetters, "x-delivery-limit", 1000);
        return Stream.concat(
                Stream.of(queue(QueueBuilder.durable(deadLetters), type, Map.of())),
                route.with(queue(QueueBuilder.durable(route.queue()), type, net)));
    }

    /** A queue that is there with other arguments is used as it is; else nothing after it would be declared. */
    private static Queue queue(QueueBuilder builder, QueueType type, Map<String, Object> quorumArguments) {
        Queue queue = (type == QueueType.CLASSIC ? builder : builder.quorum().withArguments(quorumArguments)).build();
        queue.setIgnoreDeclarationExceptions(true);
        return queue;
    }

    private String ofNode(String queue) {
        return queue + "." + node;
    }

    /** Spring Boot has no property for the time that the handshake may take. */
    @Bean
    ConnectionFactoryCustomizer shortHandshake() {
        return connections -> connections.setHandshakeTimeout(connections.getConnectionTimeout());
    }
}
