package io.feedroutes.support;

import io.feedroutes.support.ServiceSettings.Address;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import redis.embedded.core.ExecutableProvider;

/** The redis-server program that the embedded-redis artifact brings, with nothing on disk. */
final class EmbeddedRedis implements AutoCloseable {

    private final NativeServer server;
    private final int port;

    private EmbeddedRedis(NativeServer server, int port) {
        this.server = server;
        this.port = port;
    }

    static EmbeddedRedis start(RunDirectory directory) throws IOException {
        Path home = Files.createDirectory(directory.resolve("redis"));
        File program = ExecutableProvider.newJarResourceProvider(home.toFile()).get();
        int port = NativeServer.freePort();
        List<String> command = List.of(
                program.getPath(),
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                home.toString(),
                "--save",
                "",
                "--appendonly",
                "no");
        return new EmbeddedRedis(NativeServer.start("redis", port, command, Map.of(), directory), port);
    }

    ServiceSettings.Redis settings() {
        return new ServiceSettings.Redis(Address.loopback(port), "", 0);
    }

    @Override
    public void close() {
        server.stop();
    }
}
