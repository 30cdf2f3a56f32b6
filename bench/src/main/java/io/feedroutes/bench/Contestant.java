package io.feedroutes.bench;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** One measured program: a process with a virtual host and a database of its own, whose consumers start and stop over JMX. */
final class Contestant implements AutoCloseable {

    /** What runs. */
    enum Kind {
        APPLICATION("org.apache.camel:type=routes,name=\"like-apply\",*"),
        APPLICATION_WHOLE(null),
        APPLICATION_TRAINED(null),
        PEER_REST(null),
        PEER_EVENT(ConsumerControl.NAME),
        PEER_BATCH(ConsumerControl.NAME),
        BARE_LOOP(ConsumerControl.NAME);

        private final String consumer;

        Kind(String consumer) {
            this.consumer = consumer;
        }

        boolean isApplication() {
            return this == APPLICATION || this == APPLICATION_WHOLE || this == APPLICATION_TRAINED;
        }
    }

    private static final Duration START = Duration.ofMinutes(5);

    final String name;
    final Kind kind;
    final Broker broker;
    final Database database;
    final int port = freePort();

    private final ProcessBuilder program;
    private final Path log;
    private Process process;
    private JMXConnector connector;
    private MBeanServerConnection management;
    private ObjectName consumer;

    /** Starts {@code kind} on a new virtual host and a new database; {@code consumers} 0 means that it only answers REST. */
    Contestant(String name, Kind kind, int consumers, Settings settings) throws Exception {
        this.name = name;
        this.kind = kind;
        var place = settings.name() + "_" + name.replace('-', '_');
        this.broker = Broker.create(place, settings);
        this.database = Database.create(place, settings);
        if (!kind.isApplication()) {
            broker.declareTopology();
            database.createSchema();
        }
        this.log = Files.createDirectories(Path.of("target", "logs")).resolve(name + ".log");
        this.program = new ProcessBuilder(command(kind, settings))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        program.environment().keySet().removeIf(key -> key.startsWith("SPRING_") || key.startsWith("FEED_"));
        program.environment().putAll(environment(place, consumers, settings));
        this.process = program.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroy()));
    }

    private static List<String> command(Kind kind, Settings settings) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-Xmx" + settings.heap(), "-jar"));
        switch (kind) {
            case APPLICATION, APPLICATION_WHOLE -> command.add(settings.applicationJar());
            case APPLICATION_TRAINED -> {
                var cache = Runtime.version().feature() < 25
                        ? "-XX:SharedArchiveFile=" + settings.applicationDirectory() + "/feed-routes.jsa"
                        : "-XX:AOTCache=" + settings.applicationDirectory() + "/feed-routes.aot";
                command.add(1, cache);
                command.add(settings.applicationDirectory() + "/feed-routes.jar");
            }
            case BARE_LOOP -> command.addAll(List.of("target/feed-routes-bench.jar", "loop"));
            default -> command.addAll(List.of("target/feed-routes-bench.jar", "peer"));
        }
        return command;
    }

    private Map<String, String> environment(String place, int consumers, Settings settings) {
        var environment = new TreeMap<String, String>();
        environment.put("SPRING_RABBITMQ_HOST", settings.rabbitHost());
        environment.put("SPRING_RABBITMQ_PORT", Integer.toString(settings.rabbitPort()));
        environment.put("SPRING_RABBITMQ_USERNAME", settings.rabbitUsername());
        environment.put("SPRING_RABBITMQ_PASSWORD", settings.rabbitPassword());
        environment.put("SPRING_RABBITMQ_VIRTUAL_HOST", place);
        environment.put("SPRING_DATASOURCE_URL", settings.databaseUrl() + place);
        environment.put("SPRING_DATASOURCE_USERNAME", settings.databaseUsername());
        environment.put("SPRING_DATASOURCE_PASSWORD", settings.databasePassword());
        environment.put("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", Integer.toString(settings.poolSize()));
        environment.put("SPRING_DATA_REDIS_HOST", settings.redisHost());
        environment.put("SPRING_DATA_REDIS_PORT", Integer.toString(settings.redisPort()));
        environment.put("SPRING_DATA_REDIS_DATABASE", Integer.toString(settings.redisDatabase()));
        environment.put("SPRING_THREADS_VIRTUAL_ENABLED", "true");
        environment.put("JWT_SECRET", Tokens.SECRET);
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("SERVER_TOMCAT_MAX_KEEP_ALIVE_REQUESTS", "-1");
        switch (kind) {
            case APPLICATION, APPLICATION_WHOLE, APPLICATION_TRAINED -> {
                environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(freePort()));
                environment.put("FEED_ROLE", kind != Kind.APPLICATION ? "all" : consumers == 0 ? "api" : "worker");
                environment.put("FEED_CONSUMERS", Integer.toString(Math.max(1, consumers)));
                environment.put("FEED_RATE_LIMIT_ENABLED", "false");
            }
            case PEER_EVENT -> {
                environment.put("SPRING_PROFILES_ACTIVE", "event");
                environment.put("SPRING_RABBITMQ_LISTENER_SIMPLE_CONCURRENCY", Integer.toString(consumers));
            }
            case PEER_BATCH -> {
                environment.put("SPRING_PROFILES_ACTIVE", "batch");
                environment.put("SPRING_RABBITMQ_LISTENER_SIMPLE_CONCURRENCY", Integer.toString(consumers));
                environment.put("SPRING_RABBITMQ_LISTENER_SIMPLE_BATCH_SIZE", Integer.toString(settings.batchSize()));
            }
            case BARE_LOOP -> environment.put("FEED_BATCH_SIZE", Integer.toString(settings.batchSize()));
            default -> {}
        }
        return environment;
    }

    /** Waits until the contestant answers {@code GET /healthz}. */
    void awaitRest() throws Exception {
        await("no answer on /healthz", () -> RestLoad.get(port, "/healthz") == 200);
    }

    /** Waits until the contestant's consumer can be controlled, and stops it if it runs. */
    void awaitConsumer() throws Exception {
        await("no consumer over JMX", () -> {
            if (management == null) {
                connector = connect(process.pid());
                management = connector.getMBeanServerConnection();
            }
            var found = management.queryNames(new ObjectName(kind.consumer), null);
            consumer = found.isEmpty() ? null : found.iterator().next();
            return consumer != null;
        });
        if (kind == Kind.APPLICATION) {
            await("the route does not stop", () -> { // refused until the whole context is up
                stopConsumer();
                return "Stopped".equals(management.getAttribute(consumer, "State"));
            });
        }
    }

    void startConsumer() throws Exception {
        management.invoke(consumer, "start", null, null);
    }

    void stopConsumer() throws Exception {
        management.invoke(consumer, "stop", null, null);
    }

    /** Starts the stopped process anew, and returns how long it took until it answered. */
    Duration restart() throws Exception {
        long start = System.nanoTime();
        process = program.start();
        awaitRest();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** CPU time that the process has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws Exception {
        if (connector != null) {
            connector.close();
        }
        stop();
        broker.close();
        database.close();
    }

    private static JMXConnector connect(long pid) throws Exception {
        var machine = VirtualMachine.attach(Long.toString(pid));
        try {
            var address = new JMXServiceURL(machine.startLocalManagementAgent());
            return JMXConnectorFactory.connect(address);
        } finally {
            machine.detach();
        }
    }

    private interface Check {
        boolean holds() throws Exception;
    }

    private void await(String complaint, Check check) throws Exception {
        long end = System.nanoTime() + START.toNanos();
        Exception last = null;
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (check.holds()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(name + ": " + complaint + ", see " + log, last);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
