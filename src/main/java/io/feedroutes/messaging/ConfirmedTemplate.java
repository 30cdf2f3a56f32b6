package io.feedroutes.messaging;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** What a {@code spring-rabbitmq} endpoint with {@code confirm: enabled} sends through: a {@link ConfirmedPublisher}. */
final class ConfirmedTemplate extends RabbitTemplate {

    private final ConfirmedPublisher publisher;
    private final ThreadLocal<CompletableFuture<Boolean>> confirmation = new ThreadLocal<>();

    ConfirmedTemplate(ConnectionFactory connections, ConfirmedPublisher publisher) {
        super(connections);
        this.publisher = publisher;
    }

    @Override
    public <T> T invoke(
            OperationsCallback<T> action,
            com.rabbitmq.client.ConfirmCallback acks,
            com.rabbitmq.client.ConfirmCallback nacks) {
        try {
            return action.doInRabbit(this);
        } finally {
            confirmation.remove();
        }
    }

    @Override
    public void send(String exchange, String routingKey, Message message) {
        confirmation.set(publisher.publish(exchange, routingKey, message));
    }

    /**
     * Waits for the confirm of the message that was sent last on this thread.
     *
     * @throws AmqpException when the broker refused the message, or the connection was lost
     */
    @Override
    public boolean waitForConfirms(long timeoutMillis) {
        try {
            if (!confirmation.get().get(timeoutMillis, TimeUnit.MILLISECONDS)) {
                throw new AmqpException("The broker refused the message, or no queue is bound for it");
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AmqpException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AmqpException(e);
        }
    }
}
