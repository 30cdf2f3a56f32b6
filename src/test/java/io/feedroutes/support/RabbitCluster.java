package io.feedroutes.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Three RabbitMQ nodes of one cluster, as processes of their own on free ports of the loopback interface: the program that Debian's package has installed,
 * with all that it reads and writes in one directory. They end when they are closed, and know nothing of another RabbitMQ on this machine.
 */
public final class RabbitCluster implements AutoCloseable {

    private static final Path PROGRAMS = Path.of("/usr/lib/rabbitmq/bin");
    private static final List<String> NAMES = List.of("a@localhost", "b@localhost", "c@localhost");

    private final RunDirectory directory = RunDirectory.create();
    private final int namesPort = NativeServer.freePort();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, NativeServer> servers = new ConcurrentHashMap<>();

    private RabbitCluster() throws IOException {}

    /** Whether the program is there. */
    public static boolean installed() {
        return Files.isExecutable(PROGRAMS.resolve("rabbitmq-server"));
    }

    /** Starts the nodes, and returns when all of them are in the cluster. */
    public static RabbitCluster start() throws IOException {
        RabbitCluster cluster = new RabbitCluster();
        try {
            cluster.startAll();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The value of {@code spring.rabbitmq.addresses}. */
    public String addresses() {
        return ports.values().stream().map(port -> "127.0.0.1:" + port).collect(joining(","));
    }

    /** The name of the node that leads a quorum queue of the virtual host {@code /}. */
    public String leaderOf(String queue) throws IOException {
        List<String> command =
                List.of(PROGRAMS.resolve("rabbitmqctl").toString(), "--silent", "list_queues", "name", "leader");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment(NAMES.get(0)));
        String answer = new String(builder.start().getInputStream().readAllBytes(), UTF_8);
        return answer.lines()
                .map(line -> line.split("\t"))
                .filter(row -> row[0].equals(queue))
                .map(row -> row[1])
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(answer));
    }

    /** Ends a node as a power failure does. */
    public void kill(String node) {
        servers.get(node).kill();
    }

    @Override
    public void close() {
        servers.values().forEach(NativeServer::kill);
        directory.delete();
    }

    private void startAll() throws IOException {
        Files.createFile(directory.resolve("none.conf"));
        Files.writeString(directory.resolve("plugins"), "[rabbitmq_consistent_hash_exchange].");
        start(
                "names",
                namesPort,
                List.of("epmd", "-address", "127.0.0.1", "-port", String.valueOf(namesPort)),
                Map.of());
        NAMES.forEach(name -> ports.put(name, NativeServer.freePort()));
        CompletableFuture.allOf(NAMES.stream()
                        .map(name ->
                                CompletableFuture.runAsync(() -> startNode(name), node -> new Thread(node).start()))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /** A node listens when it is in the cluster. The first one is the cluster that the others look for. */
    private void startNode(String name) {
        String join = name.equals(NAMES.get(0)) ? "" : """
                cluster_formation.classic_config.nodes.1 = %s
                cluster_formation.discovery_retry_limit = 200
                """.formatted(NAMES.get(0));
        try {
            Files.writeString(
                    directory.resolve(name + ".conf"), "cluster_partition_handling = pause_minority\n" + join);
            List<String> command = List.of(PROGRAMS.resolve("rabbitmq-server").toString());
            start(name, ports.get(name), command, environment(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start(String name, int port, List<String> command, Map<String, String> environment)
            throws IOException {
        servers.put(name, NativeServer.start(name, port, command, environment, directory));
    }

    private Map<String, String> environment(String name) {
        return Map.ofEntries(
                Map.entry("HOME", directory.resolve("").toString()),
                Map.entry("ERL_EPMD_PORT", String.valueOf(namesPort)),
                Map.entry("ERL_FLAGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                // The process that is started is the node, not a script that waits for it.
                Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                Map.entry(
                        "RABBITMQ_CONF_ENV_FILE", directory.resolve("none.conf").toString()),
                Map.entry(
                        "RABBITMQ_CONFIG_FILE",
                        directory.resolve(name + ".conf").toString()),
                Map.entry(
                        "RABBITMQ_CONFIG_FILES", directory.resolve("none.conf").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        directory.resolve("plugins").toString()),
                Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", directory.resolve("log").toString()),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_NODENAME", name),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", String.valueOf(ports.get(name))),
                Map.entry("RABBITMQ_DIST_PORT", String.valueOf(NativeServer.freePort())),
                // Threads that wait take no time from others.
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+sbwt none +sbwtdcpu none +sbwtdio none"));
    }
}
