package io.feedroutes.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A server program of its own process: started, waited for until it listens, and stopped. Its output goes to a file. */
final class NativeServer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;

    private NativeServer(Process process) {
        this.process = process;
    }

    /**
     * Returns when the server accepts connections.
     *
     * @throws IllegalStateException with the server's last words, when it ends instead
     */
    static NativeServer start(
            String name, int port, List<String> command, Map<String, String> environment, RunDirectory directory)
            throws IOException {
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Files.writeString(directory.pidFile(name), String.valueOf(process.pid()));
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> listens(port) || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException(lastWords(name, log), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException(lastWords(name, log));
        }
        return new NativeServer(process);
    }

    void stop() {
        try {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it at once, whatever it is doing. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** A port of the loopback interface that nobody uses at this moment. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String lastWords(String name, Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        List<String> last = lines.subList(Math.max(0, lines.size() - 20), lines.size());
        return "The embedded %s did not start:%n%s".formatted(name, String.join(System.lineSeparator(), last));
    }
}
