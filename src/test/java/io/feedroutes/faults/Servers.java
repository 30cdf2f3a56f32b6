package io.feedroutes.faults;

import static java.util.stream.Collectors.toMap;

import io.feedroutes.support.ServiceSettings;
import io.feedroutes.support.ServiceSettings.Address;
import io.feedroutes.support.ServiceSettings.Broker;
import io.feedroutes.support.ServiceSettings.Database;
import io.feedroutes.support.ServiceSettings.Redis;
import io.feedroutes.support.TcpProxy;
import io.feedroutes.support.TcpProxy.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * RabbitMQ, MariaDB and Redis from the Debian packages, with data of their own, each with a way to it on which faults happen. They run as the user who runs
 * the tests.
 */
final class Servers {

    private static final String SCHEMA = "faults";

    final Server broker;
    final Server database;
    final Server redis;
    final TcpProxy toBroker;
    final TcpProxy toDatabase;
    final TcpProxy toRedis;
    private final Server names;
    private final Map<String, String> ofBroker;

    /** Returns when all of them listen. */
    Servers(Path directory) throws IOException {
        names = server(
                directory.resolve("names"),
                Map.of(),
                Server.program("epmd", "rabbitmq-server"),
                "-port %d -address 127.0.0.1");
        int amqp = Server.freePort();
        ofBroker = ofBroker(directory.resolve("broker"), amqp, names.address().port());
        broker = new Server(directory.resolve("broker"), amqp, ofBroker, List.of(rabbitmq("rabbitmq-server")));
        redis = server(
                directory.resolve("redis"),
                Map.of(),
                Server.program("redis-server", "redis-server"),
                "--port %d --bind 127.0.0.1 --appendonly no");
        database = database(directory.resolve("database"));
        all().forEach(Server::start);
        toBroker = new TcpProxy(broker.address(), true);
        toDatabase = new TcpProxy(database.address(), false);
        toRedis = new TcpProxy(redis.address(), false);
    }

    private static Server server(Path directory, Map<String, String> environment, String program, String options) {
        int port = Server.freePort();
        List<String> command = Stream.concat(Stream.of(program), Stream.of(options.split(" ")))
                .map(word -> word.formatted(port, directory))
                .toList();
        return new Server(directory, port, environment, command);
    }

    private static Server database(Path directory) throws IOException {
        Files.createDirectories(directory);
        Server.run(
                Server.program("mariadb-install-db", "mariadb-server"),
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--datadir=" + directory.resolve("data"),
                "--user=" + System.getProperty("user.name"));
        Files.writeString(directory.resolve("set-up.sql"), """
                CREATE DATABASE IF NOT EXISTS %1$s CHARACTER SET utf8mb4;
                CREATE USER IF NOT EXISTS %1$s@'127.0.0.1' IDENTIFIED BY '%1$s';
                GRANT ALL ON %1$s.* TO %1$s@'127.0.0.1';
                CREATE USER IF NOT EXISTS admin@'127.0.0.1' IDENTIFIED BY 'admin';
                GRANT ALL ON *.* TO admin@'127.0.0.1';
                """.formatted(SCHEMA));
        return server(
                directory,
                Map.of(),
                Server.program("mariadbd", "mariadb-server"),
                // The path of a socket must be short.
                "--no-defaults --port=%d --bind-address=127.0.0.1 --datadir=%2$s/data --socket=mysql.sock --skip-name-resolve"
                        + " --innodb-buffer-pool-size=64M --init-file=%2$s/set-up.sql --user="
                        + System.getProperty("user.name"));
    }

    private static Map<String, String> ofBroker(Path directory, int amqp, int names) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("enabled_plugins"), "[rabbitmq_consistent_hash_exchange].\n");
        Files.writeString(directory.resolve("rabbitmq.conf"), """
                listeners.tcp.1 = 127.0.0.1:%d
                disk_free_limit.absolute = 50MB
                vm_memory_high_watermark.absolute = 1GB
                """.formatted(amqp));
        // With the first the server takes the place of its script.
        return """
                RUNNING_UNDER_SYSTEMD=true
                HOME=%1$s
                ERL_EPMD_PORT=%2$d
                RABBITMQ_NODENAME=faults@localhost
                RABBITMQ_DIST_PORT=%3$d
                RABBITMQ_CONF_ENV_FILE=%1$s/none
                RABBITMQ_CONFIG_FILE=%1$s/rabbitmq
                RABBITMQ_ENABLED_PLUGINS_FILE=%1$s/enabled_plugins
                RABBITMQ_MNESIA_BASE=%1$s/mnesia
                RABBITMQ_LOG_BASE=%1$s/log
                RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1} -rabbit quorum_tick_interval 500 +sbwt none
                """.formatted(directory, names, Server.freePort())
                .lines()
                .map(line -> line.split("=", 2))
                .collect(toMap(line -> line[0], line -> line[1]));
    }

    private Stream<Server> all() {
        return Stream.of(names, redis, database, broker);
    }

    /** Ends every fault. */
    void heal() {
        all().forEach(Server::heal);
        for (TcpProxy way : List.of(toBroker, toDatabase, toRedis)) {
            way.latency(Duration.ZERO);
            way.cut(Way.REQUESTS, Long.MAX_VALUE);
            way.cut(Way.ANSWERS, Long.MAX_VALUE);
            way.up();
        }
    }

    void kill() {
        all().forEach(Server::kill);
    }

    /** Where they are, with no proxy between. */
    ServiceSettings direct() {
        return settings(broker.address(), database.address(), redis.address());
    }

    /** Where the application finds them. */
    ServiceSettings behindProxies() {
        return settings(toBroker.address(), toDatabase.address(), toRedis.address());
    }

    private static ServiceSettings settings(Address broker, Address database, Address redis) {
        return new ServiceSettings(
                new Broker(broker, "guest", "guest", "/"),
                new Database(database, SCHEMA, SCHEMA, SCHEMA),
                new Redis(redis, "", 0));
    }

    /** Administers the broker. @return what {@code rabbitmqctl} says */
    String rabbitmqctl(String... arguments) {
        return Server.run(
                ofBroker,
                Stream.concat(Stream.of(rabbitmq("rabbitmqctl"), "-q"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /** How many messages each queue has, delivered and unacknowledged ones among them. */
    Map<String, Integer> depths() {
        return rabbitmqctl("list_queues", "--no-table-headers", "name", "messages")
                .lines()
                .map(line -> line.split("\t"))
                .collect(toMap(row -> row[0], row -> Integer.parseInt(row[1])));
    }

    /** Debian's own scripts of these names run as root or rabbitmq only. */
    private static String rabbitmq(String name) {
        Server.program(name, "rabbitmq-server");
        return "/usr/lib/rabbitmq/bin/" + name;
    }
}
