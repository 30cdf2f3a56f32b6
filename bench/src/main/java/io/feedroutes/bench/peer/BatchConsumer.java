package io.feedroutes.bench.peer;

import io.feedroutes.bench.LikeEvent;
import java.util.List;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Spring's batch listener: one transaction per batch, acknowledged together; event by event when one of them is a repetition. */
@Component
@ConditionalOnProperty(name = "peer.consumer", havingValue = "batch")
class BatchConsumer {

    private final LikeStore store;

    BatchConsumer(LikeStore store) {
        this.store = store;
    }

    @RabbitListener(queues = Topology.LIKES)
    void on(List<LikeEvent> likes) {
        if (!store.applyNew(likes)) {
            likes.forEach(store::apply);
        }
    }
}
