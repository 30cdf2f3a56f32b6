package io.feedroutes.bench.loop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import io.feedroutes.bench.ConsumerControl;
import io.feedroutes.bench.ConsumerControlMBean;
import io.feedroutes.bench.LikeBatch;
import io.feedroutes.bench.LikeEvent;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The limit: AMQP client, JDBC and nothing between; one consumer, no failure handling at all. */
public final class BareLoop implements ConsumerControlMBean {

    private static final String QUEUE = "like.events";
    private static final ObjectReader JSON = new ObjectMapper().readerFor(LikeEvent.class);

    private final Connection broker;
    private final java.sql.Connection database;
    private final int batchSize;
    private Thread worker;

    private BareLoop(Connection broker, java.sql.Connection database, int batchSize) {
        this.broker = broker;
        this.database = database;
        this.batchSize = batchSize;
    }

    /** Connects, declares the queue and waits to be started over JMX. */
    public static void main(String[] args) throws Exception {
        var factory = new ConnectionFactory();
        factory.setHost(System.getenv("SPRING_RABBITMQ_HOST"));
        factory.setPort(Integer.parseInt(System.getenv("SPRING_RABBITMQ_PORT")));
        factory.setUsername(System.getenv("SPRING_RABBITMQ_USERNAME"));
        factory.setPassword(System.getenv("SPRING_RABBITMQ_PASSWORD"));
        factory.setVirtualHost(System.getenv("SPRING_RABBITMQ_VIRTUAL_HOST"));
        var database = DriverManager.getConnection(
                System.getenv("SPRING_DATASOURCE_URL"),
                System.getenv("SPRING_DATASOURCE_USERNAME"),
                System.getenv("SPRING_DATASOURCE_PASSWORD"));
        database.setAutoCommit(false);
        var loop = new BareLoop(factory.newConnection("loop"), database, Integer.parseInt(System.getenv("FEED_BATCH_SIZE")));
        ConsumerControl.register(loop);
        Thread.currentThread().join();
    }

    @Override
    public synchronized void start() {
        worker = new Thread(this::consume, "loop");
        worker.start();
    }

    @Override
    public synchronized void stop() throws InterruptedException {
        worker.interrupt();
        worker.join();
    }

    private void consume() {
        var deliveries = new LinkedBlockingQueue<Delivery>();
        try (var channel = broker.createChannel()) {
            channel.basicQos(3 * batchSize);
            channel.basicConsume(QUEUE, false, (tag, delivery) -> deliveries.add(delivery), tag -> {});
            while (true) {
                apply(next(deliveries), channel);
            }
        } catch (InterruptedException e) {
            // stopped
        } catch (Exception e) {
            e.printStackTrace();
        }
    }

    private List<Delivery> next(BlockingQueue<Delivery> deliveries) throws InterruptedException {
        var batch = new ArrayList<Delivery>(batchSize);
        batch.add(deliveries.take());
        while (batch.size() < batchSize) {
            var delivery = deliveries.poll(20, TimeUnit.MILLISECONDS);
            if (delivery == null) {
                break;
            }
            batch.add(delivery);
        }
        return batch;
    }

    private void apply(List<Delivery> deliveries, Channel channel) throws IOException, SQLException {
        var likes = new ArrayList<LikeEvent>(deliveries.size());
        for (var delivery : deliveries) {
            likes.add(JSON.readValue(delivery.getBody()));
        }
        var batch = new LikeBatch(likes);
        if (update(batch.insert()) < likes.size()) {
            throw new IllegalStateException("a like came twice: the limit does not handle that");
        }
        update(batch.count());
        database.commit();
        channel.basicAck(deliveries.get(deliveries.size() - 1).getEnvelope().getDeliveryTag(), true);
    }

    private int update(LikeBatch.Statement statement) throws SQLException {
        try (var prepared = database.prepareStatement(statement.sql())) {
            int index = 1;
            for (long argument : statement.arguments()) {
                prepared.setLong(index++, argument);
            }
            return prepared.executeUpdate();
        }
    }
}
