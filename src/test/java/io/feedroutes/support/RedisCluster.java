package io.feedroutes.support;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import redis.embedded.core.ExecutableProvider;

/** A Redis Cluster: three servers that share the slots, with no replicas. */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16384;

    private final RunDirectory directory = RunDirectory.create();
    private final List<Integer> ports = new ArrayList<>();
    private final List<NativeServer> servers = new ArrayList<>();
    private final RedisClient client = RedisClient.create();
    private final List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();

    private RedisCluster() throws IOException {}

    /** Starts the servers, and returns when each knows that all slots are served. */
    public static RedisCluster start() throws IOException {
        RedisCluster cluster = new RedisCluster();
        try {
            cluster.startAll();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The value of {@code spring.data.redis.cluster.nodes}. */
    public String nodes() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(joining(","));
    }

    /** What each server says. */
    public <T> List<T> each(Function<RedisCommands<String, String>, T> question) {
        return connections.stream()
                .map(connection -> question.apply(connection.sync()))
                .toList();
    }

    @Override
    public void close() {
        connections.forEach(StatefulRedisConnection::close);
        client.shutdown();
        servers.forEach(NativeServer::kill);
        directory.delete();
    }

    private void startAll() throws IOException {
        for (int i = 0; i < 3; i++) {
            startOne("redis-" + i);
        }
        for (int i = 0; i < 3; i++) {
            RedisCommands<String, String> server = connections.get(i).sync();
            server.clusterAddSlots(
                    IntStream.range(SLOTS * i / 3, SLOTS * (i + 1) / 3).toArray());
            server.clusterMeet("127.0.0.1", ports.get(0));
        }
        await().until(() -> each(RedisCommands::clusterInfo).stream()
                .allMatch(info -> info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")));
    }

    private void startOne(String name) throws IOException {
        Path home = Files.createDirectory(directory.resolve(name));
        int port = port();
        List<String> command = List.of(
                ExecutableProvider.newJarResourceProvider(home.toFile()).get().getPath(),
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                home.toString(),
                "--save",
                "",
                "--cluster-enabled",
                "yes");
        ports.add(port);
        servers.add(NativeServer.start(name, port, command, Map.of(), directory));
        connections.add(client.connect(RedisURI.create("127.0.0.1", port)));
    }

    /** The servers talk to each other at a port that is larger by 10,000. */
    private static int port() {
        return IntStream.generate(NativeServer::freePort)
                .filter(port -> port < 55_000)
                .findFirst()
                .getAsInt();
    }
}
