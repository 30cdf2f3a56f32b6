package io.feedroutes.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.ApplicationContext;

/** The broker as another producer or consumer sees it. */
@TestComponent
public final class Broker {

    private static final DateTimeFormatter PARKED_AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Set<String> COPIES = ConcurrentHashMap.newKeySet();

    private final RabbitTemplate rabbit;
    private final AmqpAdmin admin;
    private final ObjectMapper json;

    Broker(RabbitTemplate rabbit, AmqpAdmin admin, ObjectMapper json) {
        this.rabbit = rabbit;
        this.admin = admin;
        this.json = json;
    }

    /** The broker of another node of the application. */
    public static Broker of(ApplicationContext node) {
        return new Broker(
                node.getBean(RabbitTemplate.class), node.getBean(AmqpAdmin.class), node.getBean(ObjectMapper.class));
    }

    /** Publishes a body as the Go system does: persistent, as JSON, with no id and no header. */
    public void publish(String exchange, String routingKey, String body) {
        rabbit.send(
                exchange,
                routingKey,
                MessageBuilder.withBody(body.getBytes(UTF_8))
                        .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                        .build());
    }

    /** Publishes a body with a header, to whatever may believe it. */
    public void publishWith(String header, Object value, String exchange, String routingKey, String body) {
        rabbit.send(
                exchange,
                routingKey,
                MessageBuilder.withBody(body.getBytes(UTF_8))
                        .setHeader(header, value)
                        .build());
    }

    /** A message in the dead-letter queue of a queue, as {@code park-message} would have sent it there. */
    public void parked(String queue, String id, String reason, Instant when, String body) {
        rabbit.send(
                "",
                queue + ".dlq",
                MessageBuilder.withBody(body.getBytes(UTF_8))
                        .setMessageId(id)
                        .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                        .setHeader("x-error-message", reason)
                        .setHeader("x-origin-queue", queue)
                        .setHeader("x-attempts", "3")
                        .setHeader("x-parked-at", PARKED_AT.format(when))
                        .build());
    }

    /** Publishes a body with an id. */
    public void publishAs(String id, String exchange, String routingKey, String body) {
        rabbit.send(
                exchange,
                routingKey,
                MessageBuilder.withBody(body.getBytes(UTF_8)).setMessageId(id).build());
    }

    /** Publishes a message as it once came. */
    public void publish(Message message) {
        rabbit.send(
                message.getMessageProperties().getReceivedExchange(),
                message.getMessageProperties().getReceivedRoutingKey(),
                message);
    }

    /** A new queue that gets a copy of what comes to an exchange. */
    public String copyOf(String exchange) {
        String queue = "copy-" + UUID.randomUUID();
        COPIES.add(queue);
        admin.declareQueue(QueueBuilder.durable(queue).expires(600_000).build());
        admin.declareBinding(new Binding(queue, DestinationType.QUEUE, exchange, "#", null));
        return queue;
    }

    /** Deletes the queues of copies: while another queue is bound, the broker says of no message that it finds none. */
    public void deleteCopies() {
        COPIES.forEach(admin::deleteQueue);
        COPIES.clear();
    }

    /** Publishes a change of the popularity of a video as another system does: no like or comment counts it. */
    public void publishChange(String id, Video video, int change) {
        String event = json.createObjectNode()
                .put("event_id", id)
                .put("video_id", video.id())
                .put("change", change)
                .put("occurred_at", Instant.now().toString())
                .toString();
        publish("video.popularity.events", "video.popularity.update", event);
    }

    /** The next message of a queue, or null when none comes within five seconds. */
    public Message take(String queue) {
        return rabbit.receive(queue, 5_000);
    }

    /** All messages that are in a queue. */
    public List<Message> takeAll(String queue) {
        List<Message> messages = new ArrayList<>();
        for (Message message = rabbit.receive(queue); message != null; message = rabbit.receive(queue)) {
            messages.add(message);
        }
        return messages;
    }

    /** Takes the next message of a queue and gives it back, as many times. */
    public void takeAndGiveBack(String queue, int times) {
        rabbit.execute(channel -> {
            for (int i = 0; i < times; i++) {
                channel.basicNack(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false, true);
            }
            return null;
        });
    }

    /** How many messages are ready in a queue. */
    public long depth(String queue) {
        return admin.getQueueInfo(queue).getMessageCount();
    }

    /** How many consumers take from a queue. */
    public long consumers(String queue) {
        return admin.getQueueInfo(queue).getConsumerCount();
    }

    /** The body of a message that came. */
    public JsonNode body(Message message) {
        assertThat(message).as("a message came").isNotNull();
        return read(new String(message.getBody(), UTF_8));
    }

    /** An event as JSON. */
    public JsonNode read(String event) {
        try {
            return json.readTree(event);
        } catch (JsonProcessingException e) {
            throw new AssertionError(event, e);
        }
    }
}
