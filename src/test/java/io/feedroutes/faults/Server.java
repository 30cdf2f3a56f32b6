package io.feedroutes.faults;

import static org.awaitility.Awaitility.await;

import io.feedroutes.support.ServiceSettings.Address;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A process that a fault may happen to. It is killed with this JVM, however that ends: {@code setpriv} asks the kernel for it. So it must be started by a
 * thread that lives as long as the tests.
 */
class Server {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final int port;
    private final List<String> command;
    private final Map<String, String> environment;
    private Process process;
    private boolean frozen;

    /** @param port the server listens there when it is ready */
    Server(Path directory, int port, Map<String, String> environment, List<String> command) {
        this.directory = directory;
        this.port = port;
        this.environment = environment;
        this.command = new ArrayList<>(List.of(program("setpriv", "util-linux"), "--pdeathsig", "KILL"));
        this.command.addAll(command);
    }

    Address address() {
        return Address.loopback(port);
    }

    /** Returns when it listens. */
    Server start() {
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .failFast(directory.getFileName() + " ended, see " + log(), () -> !process.isAlive())
                .until(this::isReady);
        return this;
    }

    boolean isReady() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Whether it runs and is not frozen. */
    boolean isAtWork() {
        return isAlive() && !frozen;
    }

    long pid() {
        return process == null ? 0 : process.pid();
    }

    /** {@code kill -9}. */
    void kill() {
        frozen = false;
        if (isAlive()) {
            process.destroyForcibly();
            await().until(() -> !process.isAlive());
        }
    }

    /** {@code SIGSTOP}: connections stay, nothing is done. */
    void freeze() {
        frozen = true;
        run("kill", "-STOP", String.valueOf(process.pid()));
    }

    void thaw() {
        run("kill", "-CONT", String.valueOf(process.pid()));
        frozen = false;
    }

    /** {@code SIGTERM}. @return its exit code */
    int stop() {
        process.destroy();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** As before the faults. */
    void heal() {
        if (frozen) {
            thaw();
        }
        if (!isAlive()) {
            start();
        }
    }

    /** @return how many threads and open files it has */
    List<Integer> handles() {
        return Stream.of("task", "fd").map(this::handles).toList();
    }

    private int handles(String kind) {
        String[] names = new File("/proc/" + process.pid() + "/" + kind).list();
        return names == null ? 0 : names.length;
    }

    Path log() {
        return directory.resolve("output.log");
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException names the Debian package when the program is not there */
    static String program(String name, String debianPackage) {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")),
                        Stream.of("/usr/sbin", "/sbin", "/usr/lib/rabbitmq/bin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The fault suite needs %s: apt-get install %s".formatted(name, debianPackage)))
                .toString();
    }

    /** Runs a program to its end. @return what it has said */
    static String run(String... command) {
        return run(Map.of(), command);
    }

    static String run(Map<String, String> environment, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
