package io.feedroutes.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Publishes over one channel that all requests share, with their confirms in flight side by side. A channel for each waiting request, as
 * {@code RabbitTemplate} has it, costs the broker several times the work for the same messages.
 *
 * <p>Messages are mandatory: one that no queue takes counts as refused. One thread writes, so that a broker which has stopped reading holds up nobody
 * else: there is no time limit for writing to a socket.
 */
@Component
final class ConfirmedPublisher {

    private final ConnectionFactory connections;
    private final Set<String> unroutable = ConcurrentHashMap.newKeySet();
    private final MessagePropertiesConverter converter = new DefaultMessagePropertiesConverter();
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(new CustomizableThreadFactory("publisher-"));
    private Channel channel;
    private ConcurrentNavigableMap<Long, Unconfirmed> unconfirmed;

    /**
     * @param connections where the channel comes from; its separate publisher connection is used, so that a broker which blocks publishers
     *     never blocks consumers
     */
    ConfirmedPublisher(ConnectionFactory connections) {
        this.connections = connections;
    }

    /** @return where messages could not be sent since this was last asked, in words */
    Set<String> takeUnroutable() {
        Set<String> taken = Set.copyOf(unroutable);
        unroutable.removeAll(taken);
        return taken;
    }

    /**
     * Sends a message; gives it an id if it has none. Who cancels the result before the message is written takes it back.
     *
     * @return completes when the broker has taken the message, and with an {@link AmqpException} when it cannot be reached or refused it, when no queue is
     *     bound for it, or when the connection was lost before the broker said so
     */
    CompletableFuture<Void> publish(String exchange, String routingKey, Message message) {
        MessageProperties sent = message.getMessageProperties();
        if (sent.getMessageId() == null) {
            sent.setMessageId(UUID.randomUUID().toString());
        }
        BasicProperties properties = converter.fromMessageProperties(sent, StandardCharsets.UTF_8.name());
        Unconfirmed waiting = new Unconfirmed(sent.getMessageId(), exchange, routingKey, new CompletableFuture<>());
        writer.execute(() -> {
            if (waiting.confirmation().isDone()) {
                return;
            }
            try {
                if (channel == null || !channel.isOpen()) {
                    open();
                }
                unconfirmed.put(channel.getNextPublishSeqNo(), waiting);
                channel.basicPublish(exchange, routingKey, true, properties, message.getBody());
            } catch (IOException | AlreadyClosedException | AmqpException e) {
                waiting.confirmation().completeExceptionally(new AmqpConnectException(new IOException(e)));
            }
        });
        return waiting.confirmation();
    }

    @PreDestroy
    void close() {
        writer.shutdown();
    }

    private void open() throws IOException {
        var sent = new ConcurrentSkipListMap<Long, Unconfirmed>();
        // The queue of a node is for the connection that declares it, which must be that of the consumers.
        connections.createConnection();
        Channel opened = connections
                .getPublisherConnectionFactory()
                .createConnection()
                .getDelegate()
                .createChannel();
        opened.addConfirmListener(
                (tag, multiple) -> settle(
                        sent, tag, multiple, message -> message.confirmation().complete(null)),
                (tag, multiple) -> settle(sent, tag, multiple, Unconfirmed::refuse));
        // RabbitMQ confirms a message that it has returned, too; the return comes first.
        opened.addReturnListener(returned -> {
            unroutable.add("binding of %s for %s".formatted(returned.getExchange(), returned.getRoutingKey()));
            sent.values().stream().filter(message -> message.is(returned)).forEach(Unconfirmed::refuse);
        });
        opened.addShutdownListener(cause -> {
            // Of an exchange that is not there the broker closes the channel alone: it is not away.
            AmqpException failure = cause.isHardError() ? new AmqpConnectException(cause) : new AmqpException(cause);
            if (!cause.isHardError() && cause.getReason() instanceof AMQP.Channel.Close close) {
                unroutable.add(close.getReplyText());
            }
            settle(sent, Long.MAX_VALUE, true, message -> message.confirmation().completeExceptionally(failure));
        });
        opened.confirmSelect();
        unconfirmed = sent;
        channel = opened;
    }

    private static void settle(
            ConcurrentNavigableMap<Long, Unconfirmed> sent, long tag, boolean multiple, Consumer<Unconfirmed> outcome) {
        var settled = multiple ? sent.headMap(tag, true) : sent.subMap(tag, true, tag, true);
        settled.values().forEach(outcome);
        settled.clear();
    }

    private record Unconfirmed(String id, String exchange, String routingKey, CompletableFuture<Void> confirmation) {

        /** Whoever was refused may have sent the same message to another place already. */
        boolean is(Return returned) {
            return id.equals(returned.getProperties().getMessageId())
                    && exchange.equals(returned.getExchange())
                    && routingKey.equals(returned.getRoutingKey());
        }

        void refuse() {
            confirmation.completeExceptionally(
                    new AmqpException("The broker refused the message, or no queue is bound for it"));
        }
    }
}
