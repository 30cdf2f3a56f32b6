package io.feedroutes.messaging;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;

/**
 * Publishes over one channel that all requests share, with their confirms in flight side by side. A channel for each waiting request, as
 * {@code RabbitTemplate} has it, costs the broker several times the work for the same messages.
 *
 * <p>Messages are mandatory: one that no queue takes counts as refused. A broker that is away or silent holds up no caller for longer than
 * {@value #PATIENCE_MILLIS} ms, provided that the connection factory's own time limits are not longer.
 */
final class ConfirmedPublisher {

    private static final long PATIENCE_MILLIS = 1000;

    private final ConnectionFactory connections;
    private final MessagePropertiesConverter converter = new DefaultMessagePropertiesConverter();
    private final ReentrantLock turn = new ReentrantLock();
    private volatile int openings;
    private Channel channel;
    private ConcurrentNavigableMap<Long, Unconfirmed> unconfirmed;

    /**
     * @param connections where the channel comes from; its separate publisher connection is used, so that a broker which blocks publishers
     *     never blocks consumers
     */
    ConfirmedPublisher(ConnectionFactory connections) {
        this.connections = connections.getPublisherConnectionFactory();
    }

    /**
     * Sends a message; gives it an id if it has none.
     *
     * @return completes when the broker has taken the message, and with an {@link AmqpException} when it refused it, when no queue is bound for
     *     it, or when the connection was lost before the broker said so
     * @throws AmqpException when the broker cannot be reached
     */
    CompletableFuture<Void> publish(String exchange, String routingKey, Message message) throws InterruptedException {
        MessageProperties sent = message.getMessageProperties();
        if (sent.getMessageId() == null) {
            sent.setMessageId(UUID.randomUUID().toString());
        }
        BasicProperties properties = converter.fromMessageProperties(sent, StandardCharsets.UTF_8.name());
        Unconfirmed waiting = new Unconfirmed(sent.getMessageId(), new CompletableFuture<>());
        int before = openings;
        // A broker that has stopped reading blocks the sender in the socket, for which there is no time limit.
        if (!turn.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new AmqpConnectException(new IOException("the broker does not answer, or has stopped reading"));
        }
        try {
            if (channel == null || !channel.isOpen()) {
                // Who has waited while another failed does not try, too: they would wait one after the other.
                if (openings != before) {
                    throw new IOException("the connection to the broker could not be opened");
                }
                open();
            }
            unconfirmed.put(channel.getNextPublishSeqNo(), waiting);
            channel.basicPublish(exchange, routingKey, true, properties, message.getBody());
            return waiting.confirmation();
        } catch (IOException | AlreadyClosedException e) {
            throw new AmqpConnectException(new IOException(e));
        } finally {
            turn.unlock();
        }
    }

    private void open() throws IOException {
        openings++;
        var sent = new ConcurrentSkipListMap<Long, Unconfirmed>();
        Channel opened = connections.createConnection().getDelegate().createChannel();
        opened.addConfirmListener(
                (tag, multiple) -> settle(
                        sent, tag, multiple, message -> message.confirmation().complete(null)),
                (tag, multiple) -> settle(sent, tag, multiple, Unconfirmed::refuse));
        // RabbitMQ confirms a message that it has returned, too; the return comes first.
        opened.addReturnListener(returned -> sent.values().stream()
                .filter(message -> message.id().equals(returned.getProperties().getMessageId()))
                .forEach(Unconfirmed::refuse));
        opened.addShutdownListener(cause -> {
            // Of an exchange that is not there the broker closes the channel alone: it is not away.
            AmqpException failure = cause.isHardError() ? new AmqpConnectException(cause) : new AmqpException(cause);
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

    private record Unconfirmed(String id, CompletableFuture<Void> confirmation) {

        void refuse() {
            confirmation.completeExceptionally(
                    new AmqpException("The broker refused the message, or no queue is bound for it"));
        }
    }
}
