package io.feedroutes.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.messaging.MessagingConfiguration.QueueType;
import io.feedroutes.messaging.MessagingConfiguration.Route;
import io.feedroutes.messaging.MessagingConfiguration.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.TopicExchange;

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
    void withoutAKeyTheExchangeIsAFanout() {
        assertThat(ofNodes("all").getDeclarablesByType(FanoutExchange.class))
                .extracting(FanoutExchange::getName, FanoutExchange::isDurable)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("notification.live", true));
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
    void aQueueOfTheDefaultExchangeIsBoundToNothing() {
        Declarables tasks = new MessagingConfiguration()
                .topology(new Topology(QueueType.QUORUM, "all", List.of(new Route(null, "tasks", null, false))));
        assertThat(tasks.getDeclarables())
                .extracting(declarable -> ((Queue) declarable).getName())
                .containsExactly("tasks.dlq", "tasks");
    }

    private static Declarables topology(QueueType type) {
        return new MessagingConfiguration()
                .topology(new Topology(type, "all", List.of(new Route("like.events", "like.events", "like.*", false))));
    }

    private static Declarables ofNodes(String role) {
        return new MessagingConfiguration()
                .topology(new Topology(
                        QueueType.QUORUM,
                        role,
                        List.of(new Route("notification.live", "notification.live", null, true))));
    }
}
