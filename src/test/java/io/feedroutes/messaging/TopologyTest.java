package io.feedroutes.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.messaging.MessagingConfiguration.QueueType;
import io.feedroutes.messaging.MessagingConfiguration.Route;
import io.feedroutes.messaging.MessagingConfiguration.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Declarables;
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

    private static Declarables topology(QueueType type) {
        return new MessagingConfiguration()
                .topology(new Topology(type, List.of(new Route("like.events", "like.events", "like.*"))));
    }
}
