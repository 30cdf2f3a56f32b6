package io.feedroutes.bench.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.feedroutes.bench.LikeEvent;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/** Publishes both events of a like, then waits for both confirms. */
@Component
class LikePublisher {

    @JsonNaming(SnakeCaseStrategy.class)
    record PopularityEvent(String eventId, long videoId, int change, String occurredAt) {}

    private final RabbitTemplate rabbit;
    private final ObjectMapper json;
    private final Duration timeout;

    LikePublisher(RabbitTemplate rabbit, ObjectMapper json, PeerProperties properties) {
        this.rabbit = rabbit;
        this.json = json;
        this.timeout = properties.confirmTimeout();
    }

    /** Whether the broker confirmed both events in time. */
    boolean publish(LikeEvent like) {
        var popularity = new PopularityEvent(LikeEvent.newId(), like.videoId(), 1, like.occurredAt());
        try {
            var first = send(Topology.LIKES, "like.like", like.eventId(), like);
            var second = send(Topology.POPULARITY, "video.popularity.update", popularity.eventId(), popularity);
            return confirmed(first) && confirmed(second);
        } catch (AmqpException e) {
            return false;
        }
    }

    private CorrelationData send(String exchange, String routingKey, String eventId, Object event) {
        var correlation = new CorrelationData(eventId);
        rabbit.send(exchange, routingKey, message(eventId, event), correlation);
        return correlation;
    }

    private Message message(String eventId, Object event) {
        try {
            return MessageBuilder.withBody(json.writeValueAsBytes(event))
                    .setContentType("application/json")
                    .setMessageId(eventId)
                    .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean confirmed(CorrelationData correlation) {
        try {
            return correlation.getFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS).isAck();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
