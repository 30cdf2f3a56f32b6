package io.feedroutes.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.boot.SpringApplication;

/**
 * A broker, a database and a Redis of our own: real servers that come as Maven artifacts and listen on free ports of the loopback
 * interface.
 *
 * <p>They end with the JVM, after the application has. What a killed JVM leaves behind, the next one cleans up.
 */
public final class EmbeddedServices {

    private final RunDirectory directory;
    private final List<AutoCloseable> started = new ArrayList<>();

    private EmbeddedServices(RunDirectory directory) {
        this.directory = directory;
    }

    /**
     * Starts the three and returns when all of them answer.
     *
     * @throws IllegalStateException when one of them does not start; none is left running then
     */
    public static ServiceSettings start() {
        try {
            EmbeddedServices services = new EmbeddedServices(RunDirectory.create());
            SpringApplication.getShutdownHandlers().add(services::close);
            return services.startAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The programs of Redis and the database are unpacked one after the other: one that is still being written while the other is started would be
     * inherited open, and a program that is open for writing cannot be run ("Text file busy").
     */
    private ServiceSettings startAll() {
        CompletableFuture<QpidBroker> broker = start(() -> QpidBroker.start(directory));
        CompletableFuture<EmbeddedRedis> redis = start(() -> EmbeddedRedis.start(directory));
        CompletableFuture<EmbeddedMariaDb> database =
                redis.thenCompose(up -> start(() -> EmbeddedMariaDb.start(directory)));
        try {
            CompletableFuture.allOf(broker, database, redis).join();
        } catch (CompletionException e) {
            close();
            throw new IllegalStateException(
                    "The embedded services did not start: " + e.getCause().getMessage(), e.getCause());
        }
        return new ServiceSettings(
                broker.join().settings(),
                database.join().settings(),
                redis.join().settings());
    }

    private <T extends AutoCloseable> CompletableFuture<T> start(Callable<T> server) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(register(server.call()));
            } catch (Exception | LinkageError e) {
                future.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    private synchronized <T extends AutoCloseable> T register(T server) {
        started.add(server);
        return server;
    }

    private synchronized void close() {
        for (AutoCloseable server : started) {
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException("Cannot stop " + server, e);
            }
        }
        started.clear();
        directory.delete();
    }
}
