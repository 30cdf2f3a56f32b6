package io.feedroutes.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.messaging.MessagingConfiguration.Patterns;
import io.feedroutes.messaging.MessagingConfiguration.QueueType;
import io.feedroutes.messaging.MessagingConfiguration.Route;
import io.feedroutes.messaging.MessagingConfiguration.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/** What is declared at the broker. */
class TopologyTest {

    @Test
    void queuesAreQuorumQueuesWithADeadLetterQueue() {
        assertThat(topology(QueueType.QUORUM).getDeclarablesByType(Queue.class))
                .allSatisfy(queue -> assertThat(queue.getArguments()).containsEntry("x-queue-type", "quorum"))
                .allSatisfy(queue -> assertThat(queue.isDurable()).isTrue())
                .extracting(Queue::getName)
                .containsExactly("like.events.dlq", "like.events");
    }

    @Test
    void aQueueRefusesWhatIsTooMuchAndDropsNothing() throws IOException {
        assertThat(ofTheApplication().getDeclarablesByType(Queue.class))
                .filteredOn(queue -> !queue.isExclusive())
                .hasSizeGreaterThan(20)
                .allSatisfy(queue -> assertThat(queue.getArguments())
                        .containsKeys("x-max-length", "x-max-length-bytes")
                        .containsEntry("x-overflow", "reject-publish"));
    }

    @Test
    void classicQueuesHaveNoArgumentsAsTheGoSystemDeclaresThem() {
        assertThat(topology(QueueType.CLASSIC).getDeclarablesByType(Queue.class))
                .hasSize(2)
                .allSatisfy(queue -> assertThat(queue.getArguments()).isEmpty());
    }

    @Test
    void exchangesAreDurableTopicsWithoutArguments() {
        assertThat(topology(QueueType.QUORUM).getDeclarablesByType(TopicExchange.class))
                .singleElement()
                .satisfies(exchange -> {
                    assertThat(exchange.isDurable()).isTrue();
                    assertThat(exchange.getArguments()).isEmpty();
                });
    }

    @Test
    void theBindingHasTheKey() {
        assertThat(topology(QueueType.QUORUM).getDeclarablesByType(Binding.class))
                .extracting(Binding::getExchange, Binding::getRoutingKey, Binding::getDestination)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("like.events", "like.*", "like.events"));
    }

    @Test
    void theQueueOfANodeIsItsOwnAndGoesWithIt() {
        assertThat(ofNodes("all").getDeclarablesByType(Queue.class))
                .singleElement()
                .satisfies(queue -> {
                    assertThat(queue.getName()).startsWith("notification.live.");
                    assertThat(queue.isExclusive()).isTrue();
                    assertThat(queue.isDurable()).isFalse();
                });
        assertThat(ofNodes("all").getDeclarablesByType(Queue.class))
                .doesNotContainAnyElementsOf(ofNodes("all").getDeclarablesByType(Queue.class));
    }

    @Test
    void aWorkerHasNoQueueOfItsOwn() {
        assertThat(ofNodes("worker").getDeclarables()).isEmpty();
    }

    @Test
    void withoutAnExchangeTheQueueIsReachedByItsName() {
        assertThat(declared(QueueType.QUORUM, route(null, null, "post_queue", null))
                        .getDeclarables())
                .allSatisfy(declared -> assertThat(declared).isInstanceOf(Queue.class))
                .extracting(queue -> ((Queue) queue).getName())
                .containsExactly("post_queue.dlq", "post_queue");
    }

    @Test
    void aQueueThatSaysItsArgumentsHasNoOthersWhateverTheTypeIs() {
        Map<String, Object> arguments = Map.of("x-message-ttl", 1000, "x-dead-letter-routing-key", "delay.due");
        Route tier = new Route(null, null, "delay.1s", null, null, arguments, false);
        for (QueueType type : QueueType.values()) {
            assertThat(declared(type, tier).getDeclarablesByType(Queue.class))
                    .singleElement()
                    .satisfies(queue -> assertThat(queue.getArguments()).isEqualTo(arguments));
        }
    }

    @Test
    void whatExpiresGoesToTheNextQueueAndIsKeptUntilItIsThere() throws IOException {
        assertThat(ofTheApplication().getDeclarablesByType(Queue.class))
                .filteredOn(queue -> queue.getArguments().containsKey("x-message-ttl"))
                .hasSize(8)
                .allSatisfy(queue -> assertThat(queue.getArguments())
                        .hasSize(8)
                        .containsEntry("x-queue-type", "quorum")
                        .containsEntry("x-dead-letter-exchange", "")
                        .containsEntry("x-dead-letter-routing-key", "delay.due")
                        .containsEntry("x-dead-letter-strategy", "at-least-once")
                        .containsEntry("x-overflow", "reject-publish"));
    }

    @Test
    void newNotificationsGoToEveryNodeByADurableFanout() throws IOException {
        assertThat(ofTheApplication().getDeclarablesByType(FanoutExchange.class))
                .extracting(FanoutExchange::getName, FanoutExchange::isDurable)
                .containsOnly(org.assertj.core.groups.Tuple.tuple("notification.live", true));
    }

    private static Declarables ofTheApplication() throws IOException {
        List<PropertySource<?>> properties =
                new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml"));
        Topology topology = new Binder(ConfigurationPropertySources.from(properties))
                .bind("feed", Topology.class)
                .get();
        return MessagingConfiguration.topology(topology, new Patterns(Map.of()));
    }

    @Test
    void anExchangeThatNeedsAPluginIsNotDeclaredWithTheOthers() {
        assertThat(declared(QueueType.QUORUM, route("hashed", "x-consistent-hash", "hashed.0", "1"))
                        .getDeclarables())
                .filteredOn(declared -> !(declared instanceof Queue))
                .hasSize(2)
                .noneMatch(Declarable::shouldDeclare);
    }

    @Test
    void theQueueOfAPatternIsAsItSays() {
        Map<String, Object> arguments = Map.of("x-max-length", 5);
        Route route = new Route(null, null, "main_queue", null, null, arguments, false);
        Declarables declared = MessagingConfiguration.topology(
                new Topology(QueueType.QUORUM, "all", List.of()), new Patterns(Map.of("dead-letter", List.of(route))));
        assertThat(declared.getDeclarablesByType(Queue.class)).singleElement().satisfies(queue -> {
            assertThat(queue.getName()).isEqualTo("main_queue");
            assertThat(queue.getArguments()).isEqualTo(arguments);
        });
    }

    private static Route route(String exchange, String type, String queue, String key) {
        return new Route(exchange, type, queue, key, null, null, false);
    }

    private static Declarables declared(QueueType type, Route route) {
        return declared(type, "all", route);
    }

    private static Declarables declared(QueueType type, String role, Route route) {
        return MessagingConfiguration.topology(new Topology(type, role, List.of(route)), new Patterns(Map.of()));
    }

    private static Declarables topology(QueueType type) {
        return declared(type, route("like.events", "topic", "like.events", "like.*"));
    }

    private static Declarables ofNodes(String role) {
        return declared(
                QueueType.QUORUM,
                role,
                new Route("notification.live", "fanout", "notification.live", "", null, null, true));
    }
}
