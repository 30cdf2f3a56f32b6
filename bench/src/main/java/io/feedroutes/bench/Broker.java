package io.feedroutes.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A contestant's virtual host. */
final class Broker implements AutoCloseable {

    private static final String LIKES = "like.events";
    private static final String POPULARITY = "video.popularity.events";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String virtualHost;
    private final Settings settings;
    private final Connection connection;

    private Broker(String virtualHost, Settings settings, Connection connection) {
        this.virtualHost = virtualHost;
        this.settings = settings;
        this.connection = connection;
    }

    /** Makes an empty virtual host and connects to it. */
    static Broker create(String virtualHost, Settings settings) throws Exception {
        rabbitmqctl(settings, "-q", "delete_vhost", virtualHost);
        if (rabbitmqctl(settings, "-q", "add_vhost", virtualHost) != 0
                || rabbitmqctl(settings, "-q", "set_permissions", "-p", virtualHost, settings.rabbitUsername(), ".*", ".*", ".*") != 0) {
            throw new IllegalStateException("cannot create the virtual host " + virtualHost + "; may this user run rabbitmqctl?");
        }
        var factory = new ConnectionFactory();
        factory.setHost(settings.rabbitHost());
        factory.setPort(settings.rabbitPort());
        factory.setUsername(settings.rabbitUsername());
        factory.setPassword(settings.rabbitPassword());
        factory.setVirtualHost(virtualHost);
        return new Broker(virtualHost, settings, factory.newConnection("bench"));
    }

    String version() {
        return connection.getServerProperties().get("version").toString();
    }

    /** Declares what the application declares for itself: topic exchanges and quorum queues. */
    void declareTopology() throws Exception {
        try (var channel = connection.createChannel()) {
            for (var name : List.of(LIKES, POPULARITY)) {
                channel.exchangeDeclare(name, "topic", true);
                channel.queueDeclare(name, true, false, false, Map.of("x-queue-type", "quorum"));
                channel.queueBind(name, name, name.equals(LIKES) ? "like.*" : "video.popularity.*");
            }
        }
    }

    /** Publishes {@code likes} through the exchange and returns when the broker has confirmed all of them and they wait in the queue. */
    void preload(List<LikeEvent> likes) throws Exception {
        try (var channel = connection.createChannel()) {
            channel.confirmSelect();
            int unconfirmed = 0;
            for (var like : likes) {
                var properties = new BasicProperties.Builder()
                        .contentType("application/json")
                        .deliveryMode(2)
                        .messageId(like.eventId())
                        .build();
                channel.basicPublish(LIKES, "like.like", properties, JSON.writeValueAsBytes(like));
                if (++unconfirmed == 1_000) {
                    channel.waitForConfirmsOrDie(30_000);
                    unconfirmed = 0;
                }
            }
            channel.waitForConfirmsOrDie(30_000);
            if (waiting(channel) != likes.size()) {
                throw new IllegalStateException(virtualHost + ": " + waiting(channel) + " messages wait, not " + likes.size());
            }
        }
    }

    /** The number of likes that wait for a consumer. */
    long waiting() throws Exception {
        try (var channel = connection.createChannel()) {
            return waiting(channel);
        }
    }

    private static long waiting(Channel channel) throws IOException {
        return channel.messageCount(LIKES);
    }

    /** Empties both queues and returns how many likes were in theirs. */
    long purge() throws Exception {
        try (var channel = connection.createChannel()) {
            channel.queuePurge(POPULARITY);
            return channel.queuePurge(LIKES).getMessageCount();
        }
    }

    @Override
    public void close() throws Exception {
        connection.close();
        rabbitmqctl(settings, "-q", "delete_vhost", virtualHost);
    }

    private static int rabbitmqctl(Settings settings, String... arguments) throws Exception {
        var command = new ArrayList<>(Arrays.asList(settings.rabbitmqctl().split(" ")));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
