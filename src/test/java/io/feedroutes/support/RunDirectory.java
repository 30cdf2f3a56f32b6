package io.feedroutes.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The directory in which this JVM keeps the programs, data and logs of its embedded servers.
 *
 * <p>It is locked as long as the JVM lives, however the JVM ends. So a directory that nobody has locked is a leftover of a run that was
 * killed: {@link #create()} ends the servers that such a run has orphaned, and deletes it.
 */
final class RunDirectory {

    private static final Path ROOT = root();

    private final Path path;
    private final FileChannel lock;

    private RunDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static RunDirectory create() throws IOException {
        return oneAtATime(() -> {
            for (Path other : runs()) {
                deleteIfLeftOver(other);
            }
            Path path = Files.createTempDirectory(ROOT, "run-");
            if (!Files.getOwner(ROOT).equals(Files.getOwner(path))) {
                throw new IOException(ROOT + " belongs to somebody else; delete it");
            }
            FileChannel lock = openLock(path);
            lock.lock();
            return new RunDirectory(path, lock);
        });
    }

    /** A directory that stays for the next run: unpacking what is in it takes longer than starting it. */
    Path shared(String name) {
        return path.resolveSibling(name);
    }

    /** Does something while no other JVM does: unpacks into a {@link #shared} directory. */
    static <T> T oneAtATime(Callable<T> work) throws IOException {
        try (FileChannel channel = openLock(ROOT);
                FileLock held = channel.lock()) {
            return work.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Where a server writes its process id, for the clean-up after a killed run. */
    Path pidFile(String server) {
        return path.resolve(server + ".pid");
    }

    void delete() {
        try {
            lock.close();
            FileSystemUtils.deleteRecursively(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path, e);
        }
    }

    private static Path root() {
        try {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
            return Files.createDirectories(temporary.resolve("feed-routes-" + System.getProperty("user.name")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> runs() throws IOException {
        try (Stream<Path> entries = Files.list(ROOT)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("run-"))
                    .toList();
        }
    }

    private static void deleteIfLeftOver(Path run) throws IOException {
        try (FileChannel channel = openLock(run);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                return;
            }
            endOrphans(run);
        } catch (OverlappingFileLockException e) {
            // It is one of this JVM.
            return;
        }
        FileSystemUtils.deleteRecursively(run);
    }

    private static void endOrphans(Path run) throws IOException {
        List<Path> pidFiles;
        try (Stream<Path> files = Files.list(run)) {
            pidFiles = files.filter(file -> file.toString().endsWith(".pid")).toList();
        }
        for (Path pidFile : pidFiles) {
            String pid = Files.readString(pidFile).strip();
            if (!pid.isEmpty()) {
                ProcessHandle.of(Long.parseLong(pid))
                        .filter(RunDirectory::isOurs)
                        .ifPresent(RunDirectory::end);
            }
        }
    }

    /** The operating system may have given the process id to somebody else since then. */
    private static boolean isOurs(ProcessHandle process) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(ROOT.toString()))
                .isPresent();
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        await().until(() -> !isOurs(process));
    }

    private static FileChannel openLock(Path directory) throws IOException {
        return FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
