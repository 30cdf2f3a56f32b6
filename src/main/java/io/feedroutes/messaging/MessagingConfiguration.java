package io.feedroutes.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.springframework.amqp.core.AbstractExchange;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.annotation.Autowired;
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
     * @param queueType {@code quorum}, or {@code classic} for queues and exchanges without any argument, as the Go system declares them; those that say
     *     their arguments, which are ours alone, keep them
     * @param role {@code worker} for a node that answers no requests, and needs no queue of its own
     */
    @ConfigurationProperties("feed")
    record Topology(QueueType queueType, String role, List<Route> topology) {}

    enum QueueType {
        QUORUM,
        CLASSIC;

        /** A queue that is there with other arguments is used as it is; else nothing after it would be declared. */
        private Queue build(QueueBuilder builder, Map<String, Object> ofQuorum) {
            Queue queue = (this == CLASSIC ? builder : limited(builder.quorum()).withArguments(ofQuorum)).build();
            queue.setIgnoreDeclarationExceptions(true);
            return queue;
        }

        /** What is too much is refused, so that its sender knows it. By default the broker would drop what is oldest. */
        private static QueueBuilder limited(QueueBuilder builder) {
            return builder.maxLength(1_000_000).maxLengthBytes(1 << 30).overflow(QueueBuilder.Overflow.rejectPublish);
        }
    }

    /** @param topology by pattern, queues that are as they say; none without the profile {@code patterns} */
    @ConfigurationProperties("patterns")
    record Patterns(@DefaultValue Map<String, List<Route>> topology) {}

    /**
     * A durable exchange, a queue and what binds them.
     *
     * @param exchange none for a queue that the default exchange reaches by its name
     * @param type of the exchange; one that a plugin brings begins with {@code x-}, and is not declared with the others
     * @param key the binding key, of a topic exchange words separated by dots; {@code *} is one word, {@code #} any number of them
     * @param match what a headers exchange compares
     * @param arguments of the queue, which then has no others and no dead-letter queue
     * @param perNode whether each node has a queue of its own, which goes when the node goes, instead of a durable one for all of them
     */
    record Route(
            String exchange,
            @DefaultValue("topic") String type,
            String queue,
            @DefaultValue("") String key,
            Map<String, Object> match,
            Map<String, Object> arguments,
            boolean perNode) {

        private Stream<Declarable> asItSays() {
            Queue declared = new Queue(queue, true, false, false, arguments);
            declared.setIgnoreDeclarationExceptions(true);
            return with(declared);
        }

        private Stream<Declarable> with(Queue declared) {
            if (exchange == null) {
                return Stream.of(declared);
            }
            AbstractExchange from = new ExchangeBuilder(exchange, type).build();
            Binding binding = BindingBuilder.bind(declared).to(from).with(key).and(match);
            boolean withTheOthers = !from.getType().startsWith("x-");
            from.setShouldDeclare(withTheOthers);
            binding.setShouldDeclare(withTheOthers);
            return Stream.of(from, declared, binding);
        }
    }

    private static final int MOST_MESSAGES_OF_A_NODE = 10_000;

    @Bean
    static Declarables topology(Topology topology, Patterns patterns) {
        Stream<Declarable> ofFeed = topology.topology().stream()
                .filter(route -> !(route.perNode() && "worker".equals(topology.role())))
                .flatMap(route -> declarables(route, topology.queueType()));
        Stream<Declarable> ofPatterns =
                patterns.topology().values().stream().flatMap(List::stream).flatMap(Route::asItSays);
        return new Declarables(Stream.concat(ofFeed, ofPatterns).toList());
    }

    private static Stream<Declarable> declarables(Route route, QueueType type) {
        if (route.perNode()) {
            return route.with(QueueBuilder.nonDurable(route.queue() + "." + UUID.randomUUID())
                    .exclusive()
                    .maxLength(MOST_MESSAGES_OF_A_NODE)
                    .build());
        }
        if (route.arguments() != null) {
            return route.asItSays();
        }
        String deadLetters = route.queue() + ".dlq";
        // The routes park what fails; the broker's own dead-lettering is the net for what they cannot, and never meets
        // a healthy message.
        Map<String, Object> net = Map.of(
                "x-dead-letter-exchange", "", "x-dead-letter-routing-key", deadLetters, "x-delivery-limit", 1000);
        return Stream.concat(
                Stream.of(type.build(QueueBuilder.durable(deadLetters), Map.of())),
                route.with(type.build(QueueBuilder.durable(route.queue()), net)));
    }

    /**
     * A broker without the plugin closes the connection that asks for such an exchange: it is declared on one of its own, whenever the application has
     * connected. Where it is missing, who sends to it is answered with 503.
     *
     * @param queuesFirst declares the queues, as it was there before
     */
    @Autowired
    void declareWhatAPluginBrings(CachingConnectionFactory connections, AmqpAdmin queuesFirst, Declarables topology) {
        List<Binding> bindings = topology.getDeclarablesByType(Binding.class).stream()
                .filter(binding -> !binding.shouldDeclare())
                .toList();
        if (bindings.isEmpty()) {
            return;
        }
        connections.addConnectionListener(application -> {
            try (Connection own = connections.getRabbitConnectionFactory().newConnection();
                    Channel channel = own.createChannel()) {
                for (Binding binding : bindings) {
                    channel.exchangeDeclare(binding.getExchange(), "x-consistent-hash", true);
                    channel.queueBind(binding.getDestination(), binding.getExchange(), binding.getRoutingKey());
                }
            } catch (IOException | TimeoutException | RuntimeException e) {
                // There is no plugin, or no broker any more.
            }
        });
    }

    /** Spring Boot has no property for the time that the handshake may take. */
    @Bean
    static ConnectionFactoryCustomizer shortHandshake() {
        return connections -> connections.setHandshakeTimeout(connections.getConnectionTimeout());
    }
}
