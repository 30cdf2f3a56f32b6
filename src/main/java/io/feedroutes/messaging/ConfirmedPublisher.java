package io.feedroutes.messaging;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;

/**
 * Publishes over a few channels that all requests share, with their confirms in flight side by side. A channel for each waiting request, as
 * {@code RabbitTemplate} has it, costs the broker several times the work for the same messages.
 *
 * <p>Messages are mandatory: one that no queue takes counts as refused. A broker that is away or silent holds up no caller for longer than
 * {@value #PATIENCE_MILLIS} ms, provided that the connection factory's own time limits are not longer.
 */
final class ConfirmedPublisher {

    private static final int LANES = 2;
    private static final long PATIENCE_MILLIS = 1000;

    private final ConnectionFactory connections;
    private final MessagePropertiesConverter properties = new DefaultMessagePropertiesConverter();
    private final ReentrantLock opening = new ReentrantLock();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Lane> lanes = List.of();

    /**
     * @param connections where the channels come from; its separate publisher connection is used, so that a broker which blocks publishers
     *     never blocks consumers
     */
    ConfirmedPublisher(ConnectionFactory connections) {
        this.connections = connections.getPublisherConnectionFactory();
    }

    /**
     * Sends a message; gives it an id if it has none.
     *
     * @return completes with true when the broker has taken the message, with false when it refused it or no queue is bound for it, and
     *     exceptionally when the connection was lost before the broker said so
     * @throws AmqpException when the broker cannot be reached
     */
    CompletableFuture<Boolean> publish(String exchange, String routingKey, Message message) {
        MessageProperties sent = message.getMessageProperties();
        if (sent.getMessageId() == null) {
            sent.setMessageId(UUID.randomUUID().toString());
        }
        List<Lane> open = areOpen(lanes) ? lanes : reopen();
        return open.get(Math.floorMod(turn.getAndIncrement(), LANES))
                .publish(
                        exchange,
                        routingKey,
                        properties.fromMessageProperties(sent, StandardCharsets.UTF_8.name()),
                        message.getBody());
    }

    private static boolean areOpen(List<Lane> lanes) {
        return !lanes.isEmpty() && lanes.stream().allMatch(lane -> lane.channel.isOpen());
    }

    /** One caller opens the connection, the others wait for it and do not try themselves: they would wait one after the other. */
    private List<Lane> reopen() {
        boolean first = opening.tryLock();
        if (!first) {
            await(opening, "the connection to the broker is still being opened");
        }
        try {
            if (first && !areOpen(lanes)) {
                lanes.forEach(lane -> RabbitUtils.closeChannel(lane.channel));
                Connection connection = connections.createConnection().getDelegate();
                lanes = Stream.generate(() -> new Lane(connection)).limit(LANES).toList();
            }
            if (!areOpen(lanes)) {
                throw new AmqpConnectException(new IOException("the connection to the broker could not be opened"));
            }
            return lanes;
        } finally {
            opening.unlock();
        }
    }

    private static void await(ReentrantLock lock, String complaint) {
        try {
            if (!lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AmqpConnectException(new IOException(complaint));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AmqpException(e);
        }
    }

    private record Unconfirmed(String messageId, CompletableFuture<Boolean> confirmation) {}

    private static final class Lane {

        private final Channel channel;
        private final ReentrantLock sending = new ReentrantLock();
        private final ConcurrentNavigableMap<Long, Unconfirmed> unconfirmed = new ConcurrentSkipListMap<>();

        Lane(Connection connection) {
            try {
                channel = connection.createChannel();
                channel.confirmSelect();
            } catch (IOException e) {
                throw new AmqpConnectException(e);
            }
            channel.addConfirmListener(
                    (tag, multiple) -> settle(tag, multiple, true), (tag, multiple) -> settle(tag, multiple, false));
            channel.addReturnListener(
                    returned -> refuse(returned.getProperties().getMessageId()));
            channel.addShutdownListener(cause -> {
                // Of an exchange that is not there the broker closes the channel alone: it is not away.
                AmqpException failure =
                        cause.isHardError() ? new AmqpConnectException(cause) : new AmqpException(cause);
                unconfirmed.values().forEach(message -> message.confirmation().completeExceptionally(failure));
                unconfirmed.clear();
            });
        }

        CompletableFuture<Boolean> publish(
                String exchange, String routingKey, BasicProperties properties, byte[] body) {
            CompletableFuture<Boolean> confirmation = new CompletableFuture<>();
            // A broker that has stopped reading blocks the sender in the socket, for which there is no time limit.
            await(sending, "the broker has stopped reading");
            try {
                unconfirmed.put(
                        channel.getNextPublishSeqNo(), new Unconfirmed(properties.getMessageId(), confirmation));
                channel.basicPublish(exchange, routingKey, true, properties, body);
            } catch (IOException | AlreadyClosedException e) {
                throw new AmqpConnectException(new IOException(e));
            } finally {
                sending.unlock();
            }
            return confirmation;
        }

        private void settle(long tag, boolean multiple, boolean taken) {
            var settled = multiple ? unconfirmed.headMap(tag, true) : unconfirmed.subMap(tag, true, tag, true);
            settled.values().forEach(message -> message.confirmation().complete(taken));
            settled.clear();
        }

        /** RabbitMQ confirms a message that it has returned, too; the return comes first. */
        private void refuse(String messageId) {
            unconfirmed.values().stream()
                    .filter(message -> messageId.equals(message.messageId()))
                    .forEach(message -> message.confirmation().complete(false));
        }
    }
}
