package io.feedroutes.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.amqp.core.AbstractExchange;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.boot.autoconfigure.amqp.ConnectionFactoryCustomizer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is declared on every connection to the broker. */
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
        CLASSIC;

        /** A queue that is there with other arguments is used as it is; else nothing after it would be declared. */
        private Queue build(QueueBuilder builder, Map<String, Object> ofQuorum) {
            Queue queue = (this == CLASSIC ? builder : builder.quorum().withArguments(ofQuorum)).build();
            queue.setIgnoreDeclarationExceptions(true);
            return queue;
        }
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
            AbstractExchange from = new ExchangeBuilder(exchange, type == null ? unlessSaid : type).build();
            Binding binding = BindingBuilder.bind(declared)
                    .to(from)
                    .with(key == null ? "" : key)
                    .and(match);
            boolean withTheOthers = !from.getType().startsWith("x-");
            from.setShouldDeclare(withTheOthers);
            binding.setShouldDeclare(withTheOthers);
            return Stream.of(from, declared, binding);
        }
    }

    private static final int MOST_MESSAGES_OF_A_NODE = 10_000;

    @Bean
    Declarables topology(Topology topology, Patterns patterns) {
        Stream<Declarable> ofFeed = topology.topology().stream()
                .filter(route -> !(route.perNode() && "worker".equals(topology.role())))
                .flatMap(route -> declarables(route, topology.queueType()));
        Stream<Declarable> ofPatterns = patterns.topology().values().stream()
                .flatMap(List::stream)
                .flatMap(route -> route.with(new Queue(route.queue(), true, false, false, route.arguments())));
        return new Declarables(Stream.concat(ofFeed, ofPatterns).toList());
    }

    private static Stream<Declarable> declarables(Route route, QueueType type) {
        if (route.perNode()) {
            return route.with(QueueBuilder.nonDurable(route.queue() + "." + UUID.randomUUID())
                    .exclusive()
                    .maxLength(MOST_MESSAGES_OF_A_NODE)
                    .build());
        }
        QueueBuilder queue = QueueBuilder.durable(route.queue());
        if (route.ttl() != null) {
            queue.ttl((int) route.ttl().toMillis()).deadLetterExchange("").deadLetterRoutingKey(route.then());
            // A message that expires stays in a quorum queue until the next one has confirmed it.
            return route.with(type.build(
                    queue, Map.of("x-overflow", "reject-publish", "x-dead-letter-strategy", "at-least-once")));
        }
        String deadLetters = route.queue() + ".dlq";
        // The routes park what fails; the broker's own dead-lettering is the net for what they cannot, and never meets
        // a healthy message.
        Map<String, Object> net = Map.of(
                "x-dead-letter-exchange", "", "x-dead-letter-routing-key", deadLetters, "x-delivery-limit", 1000);
        return Stream.concat(
                Stream.of(type.build(QueueBuilder.durable(deadLetters), Map.of())), route.with(type.build(queue, net)));
    }

    /** Spring Boot has no property for the time that the handshake may take. */
    @Bean
    ConnectionFactoryCustomizer shortHandshake() {
        return connections -> connections.setHandshakeTimeout(connections.getConnectionTimeout());
    }
}
