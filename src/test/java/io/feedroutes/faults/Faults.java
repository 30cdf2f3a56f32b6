package io.feedroutes.faults;

import static io.feedroutes.faults.Fault.ALL;
import static io.feedroutes.faults.Fault.API;
import static io.feedroutes.faults.Fault.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.TcpProxy;
import io.feedroutes.support.TcpProxy.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.data.redis.connection.RedisConnection;

/** The faults of the test plan. Those that are not here are proved by other tests; {@code docs/guarantees.md} names them. */
final class Faults {

    private static final Set<String> SMOKE = Set.of("F2", "F4", "F5", "F8", "F15", "F17", "F21", "F25");
    private static final List<String> AN_HOUR_BEHIND = List.of(ClockAnHourBehind.setting());
    private static final List<String> MANY_SMALL_BATCHES = List.of("feed.consumers=3", "feed.batch-size=2");
    private static final Set<Integer> ENDED_WELL = Set.of(0, 143);

    private Faults() {}

    /** Those that {@code -Dfaults} names: all, {@code smoke}, or ids. */
    static Stream<Fault> selected() {
        String wanted = System.getProperty("faults", "all");
        return switch (wanted) {
            case "all" -> all();
            case "smoke" -> all().filter(fault -> SMOKE.contains(fault.id()));
            default -> all().filter(fault -> List.of(wanted.split(",")).contains(fault.id()));
        };
    }

    static Fault named(String id) {
        return all().filter(fault -> fault.id().equals(id)).findFirst().orElseThrow();
    }

    private static Stream<Fault> all() {
        return Stream.of(nodes(), broker(), database(), redis(), messages()).flatMap(faults -> faults);
    }

    private static Stream<Fault> nodes() {
        return Stream.of(
                Fault.of("F1", "one of two nodes is killed, twice", stage -> {
                            for (Node node : stage.nodes) {
                                node.kill();
                                stage.lasts(1);
                                node.start();
                            }
                        })
                        .on(ALL, ALL),
                Fault.of("F2", "the worker is killed at work, twice, with a slow database", stage -> {
                            for (int i = 0; i < 2; i++) {
                                stage.servers.toDatabase.latency(Duration.ofMillis(100));
                                stage.lasts(Duration.ofMillis(1500 + stage.random.nextInt(500)));
                                stage.nodes.get(1).kill();
                                stage.servers.toDatabase.latency(Duration.ZERO);
                                stage.nodes.get(1).start();
                            }
                        })
                        .on(API, WORKER),
                Fault.of("F14", "one of two nodes stands still for 20 s, and goes on", stage -> {
                            stage.nodes.get(0).freeze();
                            stage.lasts(20);
                            stage.nodes.get(0).thaw();
                        })
                        .on(ALL, ALL)
                        .within(30_000),
                Fault.of("F30", "two nodes are stopped and started again, one after the other", stage -> {
                            for (Node node : stage.nodes) {
                                assertThat(node.stop()).isIn(ENDED_WELL);
                                node.start();
                                // Whoever replaces nodes goes on when the last one has been at work for a
                                // while.
                                await().during(Duration.ofSeconds(2)).until(node::isReady);
                            }
                        })
                        .on(ALL, ALL)
                        .behindABalancer(),
                Fault.of("F32", "the clock of one of two nodes is an hour behind", stage -> stage.lasts(6))
                        .on(ALL, AN_HOUR_BEHIND));
    }

    private static Stream<Fault> broker() {
        return Stream.of(
                Fault.of("F3", "RabbitMQ is stopped and started", stage -> {
                    stage.servers.rabbitmqctl("stop_app");
                    stage.lasts(5);
                    stage.servers.rabbitmqctl("start_app");
                }),
                Fault.of("F4", "RabbitMQ is killed while messages wait in it", stage -> {
                            stage.nodes.get(1).freeze();
                            stage.lasts(2);
                            stage.servers.broker.kill();
                            stage.lasts(2);
                            stage.servers.broker.start();
                        })
                        .on(API, WORKER),
                Fault.of("F5", "RabbitMQ stands still for 12 s", stage -> {
                    stage.servers.broker.freeze();
                    stage.lasts(12);
                    stage.servers.broker.thaw();
                }),
                Fault.of("F6", "RabbitMQ has no memory, poison is due, and connections are reset", stage -> {
                    String later = "later";
                    new RabbitAdmin(stage.broker)
                            .declareQueue(QueueBuilder.durable(later)
                                    .ttl(10_000)
                                    .deadLetterExchange("like.events")
                                    .deadLetterRoutingKey("like.like")
                                    .build());
                    stage.poison("", later, stage.eventOfTheFuture());
                    stage.servers.rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1MB");
                    stage.lasts(14);
                    stage.servers.toBroker.reset();
                    stage.servers.rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1GB");
                }),
                Fault.of("F7", "RabbitMQ has no disk", stage -> {
                    stage.servers.rabbitmqctl("set_disk_free_limit", "9999GB");
                    stage.lasts(6);
                    stage.servers.rabbitmqctl("set_disk_free_limit", "50MB");
                }),
                Fault.of("F8", "the confirms of RabbitMQ are lost", stage -> {
                    stage.servers.toBroker.confirmsLost();
                    stage.lasts(8);
                }),
                Fault.of(
                        "F9",
                        "connections to RabbitMQ end in the middle of messages",
                        stage -> cut(stage, stage.servers.toBroker, Way.REQUESTS, 1500)),
                Fault.of("F10", "nothing passes to or from RabbitMQ for 15 s, and arrives later", stage -> {
                    stage.servers.toBroker.silent();
                    stage.lasts(15);
                }),
                Fault.of("F10b", "RabbitMQ takes messages, and its answers are lost with the connection", stage -> {
                    for (int i = 0; i < 3; i++) {
                        stage.servers.toBroker.answersWithheld();
                        stage.lasts(3);
                        stage.servers.toBroker.down();
                        stage.servers.toBroker.up();
                        stage.lasts(3);
                    }
                }),
                Fault.of("F11", "all connections to RabbitMQ are reset, again and again", stage -> {
                    for (int i = 0; i < 12; i++) {
                        stage.servers.toBroker.reset();
                        stage.lasts(Duration.ofMillis(700));
                    }
                    stage.servers.rabbitmqctl("close_all_connections", "chaos");
                    stage.lasts(3);
                }),
                Fault.of("F12", "a binding, an exchange and a dead-letter queue are deleted", stage -> {
                    AmqpAdmin admin = new RabbitAdmin(stage.broker);
                    admin.removeBinding(
                            new Binding("like.events", DestinationType.QUEUE, "like.events", "like.*", null));
                    stage.lasts(4);
                    admin.deleteExchange("comment.events");
                    admin.deleteQueue("comment.events.dlq");
                    stage.lasts(8);
                }),
                Fault.of("F13", "a queue is full, for there is no worker", stage -> {
                            stage.servers.rabbitmqctl(
                                    "set_policy",
                                    "full",
                                    "^like.events$",
                                    "{\"max-length\":20,\"overflow\":\"reject-publish\"}");
                            stage.nodes.get(1).kill();
                            stage.lasts(6);
                            stage.nodes.get(1).start();
                            stage.servers.rabbitmqctl("clear_policy", "full");
                        })
                        .on(API, WORKER),
                Fault.of("F24", "RabbitMQ and the database are away", stage -> {
                    stage.servers.toBroker.down();
                    stage.servers.toDatabase.down();
                    stage.lasts(6);
                }));
    }

    private static Stream<Fault> database() {
        return Stream.of(
                Fault.of("F15", "the database is killed, and started again", stage -> {
                    stage.servers.database.kill();
                    stage.lasts(5);
                    stage.servers.database.start();
                }),
                Fault.of("F16", "the database stands still for 12 s", stage -> {
                    stage.servers.database.freeze();
                    stage.lasts(12);
                    stage.servers.database.thaw();
                }),
                Fault.of(
                        "F17",
                        "connections to the database end in the middle of its answers",
                        stage -> cut(stage, stage.servers.toDatabase, Way.ANSWERS, 400)),
                Fault.of("F18", "somebody holds the row of the hot video for 10 s", stage -> {
                    try (Connection other = stage.database.getDataSource().getConnection();
                            Statement statement = other.createStatement()) {
                        other.setAutoCommit(false);
                        statement.execute(lock(stage.world.hotVideo()));
                        stage.lasts(10);
                        other.rollback();
                    }
                }),
                Fault.of("F19", "others lock the same rows in another order", stage -> {
                    List<Thread> others = Stream.generate(() -> new Thread(() -> lockBackwards(stage)))
                            .limit(3)
                            .toList();
                    others.forEach(Thread::start);
                    for (Thread other : others) {
                        other.join();
                    }
                }),
                Fault.of("F20", "the database is read-only, has too few connections, and is slow", stage -> {
                    stage.database.execute("SET GLOBAL read_only = 1");
                    stage.lasts(5);
                    stage.database.execute("SET GLOBAL read_only = 0");
                    stage.database.execute("SET GLOBAL max_connections = 10");
                    stage.servers.toDatabase.reset();
                    stage.lasts(5);
                    stage.database.execute("SET GLOBAL max_connections = 151");
                    stage.servers.toDatabase.latency(Duration.ofMillis(300));
                    stage.lasts(5);
                }),
                Fault.of(
                        "F34", "RabbitMQ, then the database and then Redis refuse the password of the nodes", stage -> {
                            stage.servers.rabbitmqctl("change_password", "guest", "another");
                            stage.servers.toBroker.reset();
                            stage.lasts(8);
                            stage.servers.rabbitmqctl("change_password", "guest", "guest");
                            String user = "ALTER USER faults@'127.0.0.1' IDENTIFIED BY ";
                            stage.database.execute(user + "'another'");
                            stage.servers.toDatabase.reset();
                            stage.lasts(8);
                            stage.database.execute(user + "'faults'");
                            try (RedisConnection redis =
                                    stage.redis.getConnectionFactory().getConnection()) {
                                redis.serverCommands().setConfig("requirepass", "another");
                                stage.servers.toRedis.reset();
                                stage.lasts(8);
                                redis.serverCommands().setConfig("requirepass", "");
                            }
                        }));
    }

    private static Stream<Fault> redis() {
        return Stream.of(
                Fault.of("F21", "Redis is killed, and comes back empty", stage -> {
                    stage.servers.redis.kill();
                    stage.lasts(4);
                    stage.servers.redis.start();
                }),
                Fault.of("F22", "Redis forgets its data and its scripts, again and again", stage -> {
                    for (int i = 0; i < 10; i++) {
                        try (RedisConnection redis =
                                stage.redis.getConnectionFactory().getConnection()) {
                            redis.serverCommands().flushAll();
                            redis.scriptingCommands().scriptFlush();
                        }
                        stage.lasts(Duration.ofMillis(800));
                    }
                }),
                Fault.of("F23", "Redis stands still, and then has no memory", stage -> {
                    stage.servers.redis.freeze();
                    stage.lasts(6);
                    stage.servers.redis.thaw();
                    try (RedisConnection redis =
                            stage.redis.getConnectionFactory().getConnection()) {
                        redis.serverCommands().setConfig("maxmemory", "1mb");
                        stage.lasts(6);
                        redis.serverCommands().setConfig("maxmemory", "0");
                    }
                }));
    }

    private static Stream<Fault> messages() {
        return Stream.of(
                Fault.of("F25", "every message comes three times, in any order", stage -> {
                    RabbitAdmin admin = new RabbitAdmin(stage.broker);
                    admin.declareQueue(QueueBuilder.durable("copies").build());
                    Stage.EXCHANGES.forEach(exchange ->
                            admin.declareBinding(new Binding("copies", DestinationType.QUEUE, exchange, "#", null)));
                    stage.lasts(8);
                    Stage.EXCHANGES.forEach(exchange ->
                            admin.removeBinding(new Binding("copies", DestinationType.QUEUE, exchange, "#", null)));
                    List<Message> twice = new ArrayList<>();
                    for (Message copy = stage.broker.receive("copies");
                            copy != null;
                            copy = stage.broker.receive("copies")) {
                        twice.addAll(List.of(copy, copy));
                    }
                    admin.deleteQueue("copies");
                    Collections.shuffle(twice, stage.random);
                    twice.forEach(message -> stage.broker.send(
                            message.getMessageProperties().getReceivedExchange(),
                            message.getMessageProperties().getReceivedRoutingKey(),
                            message));
                }),
                Fault.of("F26", "many consumers of two nodes overtake each other", stage -> {
                            for (int i = 0; i < 100; i++) {
                                stage.servers.toDatabase.latency(Duration.ofMillis(stage.random.nextInt(60)));
                                stage.lasts(Duration.ofMillis(100));
                            }
                        })
                        .on(MANY_SMALL_BATCHES, MANY_SMALL_BATCHES));
    }

    private static void cut(Stage stage, TcpProxy way, Way direction, int mostBytes) throws InterruptedException {
        for (int i = 0; i < 30; i++) {
            way.cut(direction, stage.random.nextInt(mostBytes));
            stage.lasts(Duration.ofMillis(300));
        }
    }

    private static String lock(long video) {
        return "SELECT id FROM videos WHERE id = %d FOR UPDATE".formatted(video);
    }

    private static void lockBackwards(Stage stage) {
        try (Connection other = stage.database.getDataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            for (long end = System.nanoTime() + Duration.ofSeconds(10).toNanos(); System.nanoTime() < end; ) {
                try {
                    for (long video = stage.world.hotVideo(); video >= stage.world.firstVideo(); video -= 5) {
                        statement.execute(lock(video));
                    }
                } catch (SQLException e) {
                    // It was the one that had to give way.
                }
                other.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
