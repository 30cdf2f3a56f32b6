package io.feedroutes.messaging;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;

/**
 * Declares exchanges of a type that a plugin of the broker brings, and says whether the broker has it. A broker without it closes the connection that
 * asks for such an exchange: they are declared on one of their own, whenever the application has connected.
 */
public final class BrokerPlugin implements ConnectionListener {

    private final ConnectionFactory connections;
    private final String exchangeType;
    private final Map<String, Object> exchangeArguments;
    private final List<Binding> bindings;
    private volatile boolean present;

    /** @param bindings the exchanges, and queues that the application has declared */
    public BrokerPlugin(
            CachingConnectionFactory connections,
            String exchangeType,
            Map<String, Object> exchangeArguments,
            List<Binding> bindings) {
        this.connections = connections.getRabbitConnectionFactory().clone();
        this.connections.setExceptionHandler(new ForgivingExceptionHandler() {
            @Override
            protected void log(String message, Throwable closed) {
                // That the broker closes the connection is one of the two answers.
            }
        });
        this.exchangeType = exchangeType;
        this.exchangeArguments = exchangeArguments;
        this.bindings = bindings;
        connections.addConnectionListener(this);
    }

    /** @return whether the broker that the application connected to last has the plugin */
    public boolean isPresent() {
        return present;
    }

    @Override
    public void onCreate(Connection application) {
        var broker = List.of(new Address(
                application.getDelegate().getAddress().getHostAddress(),
                application.getDelegate().getPort()));
        try (var own = connections.newConnection(broker);
                Channel channel = own.createChannel()) {
            for (Binding binding : bindings) {
                channel.exchangeDeclare(binding.getExchange(), exchangeType, true, false, exchangeArguments);
                channel.queueBind(binding.getDestination(), binding.getExchange(), binding.getRoutingKey());
            }
            present = true;
        } catch (IOException | TimeoutException | RuntimeException e) {
            present = false;
        }
    }
}
