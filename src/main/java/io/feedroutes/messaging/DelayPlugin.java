package io.feedroutes.messaging;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.feedroutes.messaging.MessagingConfiguration.Route;
import io.feedroutes.messaging.MessagingConfiguration.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.context.annotation.DependsOn;
import org.springframework.stereotype.Component;

/**
 * Declares the exchanges of the delayed-message plugin, and says whether the broker has it. A broker without it closes the connection that asks
 * for such an exchange: they are declared on one of their own, whenever the application has connected.
 */
@Component("delayPlugin")
@DependsOn("amqpAdmin") // which declares the queues first
public final class DelayPlugin implements ConnectionListener {

    private static final String TYPE = "x-delayed-message";
    private static final Map<String, Object> ROUTES_AS_A_DIRECT_EXCHANGE = Map.of("x-delayed-type", "direct");

    private final ConnectionFactory connections;
    private final List<Route> exchanges;
    private volatile boolean present;

    DelayPlugin(CachingConnectionFactory connections, Topology topology) {
        this.connections = connections.getRabbitConnectionFactory().clone();
        this.connections.setExceptionHandler(new ForgivingExceptionHandler() {
            @Override
            protected void log(String message, Throwable closed) {
                // That the broker closes the connection is one of the two answers.
            }
        });
        this.exchanges = topology.topology().stream().filter(Route::delayed).toList();
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
            for (Route route : exchanges) {
                channel.exchangeDeclare(route.exchange(), TYPE, true, false, ROUTES_AS_A_DIRECT_EXCHANGE);
                channel.queueBind(route.queue(), route.exchange(), route.key());
            }
            present = true;
        } catch (IOException | TimeoutException | RuntimeException e) {
            present = false;
        }
    }
}
