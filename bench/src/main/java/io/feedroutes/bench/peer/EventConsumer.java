package io.feedroutes.bench.peer;

import io.feedroutes.bench.LikeEvent;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** One event, one transaction, one acknowledgement. */
@Component
@ConditionalOnProperty(name = "peer.consumer", havingValue = "event")
class EventConsumer {

    private final LikeStore store;

    EventConsumer(LikeStore store) {
        this.store = store;
    }

    @RabbitListener(queues = Topology.LIKES)
    void on(LikeEvent like) {
        store.apply(like);
    }
}
