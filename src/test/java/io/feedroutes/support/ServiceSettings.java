package io.feedroutes.support;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/**
 * Where the broker, the database and Redis are, and how to log in to them.
 *
 * <p>Either the {@link EmbeddedServices embedded ones}, or, with {@code FEED_TEST_SERVICES=external} in the environment, those that the
 * standard {@code SPRING_RABBITMQ_*}, {@code SPRING_DATASOURCE_*} and {@code SPRING_DATA_REDIS_*} variables name.
 */
public record ServiceSettings(Broker broker, Database database, Redis redis) {

    /** Whether the tests run on real RabbitMQ, MariaDB and Redis servers that somebody else started. */
    public static boolean external() {
        return "external".equals(System.getenv("FEED_TEST_SERVICES"));
    }

    static ServiceSettings from(Environment environment) {
        return new ServiceSettings(Broker.from(environment), Database.from(environment), Redis.from(environment));
    }

    /** The settings as the properties that Spring Boot reads. */
    public Map<String, String> toProperties() {
        return Map.ofEntries(
                Map.entry("spring.rabbitmq.host", broker.at.host()),
                Map.entry("spring.rabbitmq.port", String.valueOf(broker.at.port())),
                Map.entry("spring.rabbitmq.username", broker.username),
                Map.entry("spring.rabbitmq.password", broker.password),
                Map.entry("spring.rabbitmq.virtual-host", broker.virtualHost),
                Map.entry("spring.datasource.url", database.url()),
                Map.entry("spring.datasource.username", database.username),
                Map.entry("spring.datasource.password", database.password),
                Map.entry("spring.data.redis.host", redis.at.host()),
                Map.entry("spring.data.redis.port", String.valueOf(redis.at.port())),
                Map.entry("spring.data.redis.password", redis.password),
                Map.entry("spring.data.redis.database", String.valueOf(redis.database)));
    }

    /** A host and a TCP port. */
    public record Address(String host, int port) {

        /** A port of this machine. */
        public static Address loopback(int port) {
            return new Address("127.0.0.1", port);
        }
    }

    /** The AMQP 0-9-1 broker. */
    public record Broker(Address at, String username, String password, String virtualHost) {

        Broker at(Address other) {
            return new Broker(other, username, password, virtualHost);
        }

        private static Broker from(Environment environment) {
            return new Broker(
                    new Address(
                            environment.getProperty("spring.rabbitmq.host", "localhost"),
                            environment.getProperty("spring.rabbitmq.port", int.class, 5672)),
                    environment.getProperty("spring.rabbitmq.username", "guest"),
                    environment.getProperty("spring.rabbitmq.password", "guest"),
                    environment.getProperty("spring.rabbitmq.virtual-host", "/"));
        }
    }

    /** The SQL database. {@code schema} is what follows the port in the JDBC URL: the schema and, where there are any, the driver's options. */
    public record Database(Address at, String schema, String username, String password) {

        private static final Pattern URL = Pattern.compile("jdbc:mariadb://([^:/]+)(?::(\\d+))?/(.+)");

        Database at(Address other) {
            return new Database(other, schema, username, password);
        }

        String url() {
            return "jdbc:mariadb://%s:%d/%s".formatted(at.host(), at.port(), schema);
        }

        private static Database from(Environment environment) {
            String url = environment.getRequiredProperty("spring.datasource.url");
            Matcher parts = URL.matcher(url);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "SPRING_DATASOURCE_URL must be jdbc:mariadb://host:port/schema, not " + url);
            }
            int port = parts.group(2) == null ? 3306 : Integer.parseInt(parts.group(2));
            return new Database(
                    new Address(parts.group(1), port),
                    parts.group(3),
                    environment.getRequiredProperty("spring.datasource.username"),
                    environment.getProperty("spring.datasource.password", ""));
        }
    }

    /** Redis; {@code password} is empty where there is none. */
    public record Redis(Address at, String password, int database) {

        Redis at(Address other) {
            return new Redis(other, password, database);
        }

        private static Redis from(Environment environment) {
            return new Redis(
                    new Address(
                            environment.getProperty("spring.data.redis.host", "localhost"),
                            environment.getProperty("spring.data.redis.port", int.class, 6379)),
                    environment.getProperty("spring.data.redis.password", ""),
                    environment.getProperty("spring.data.redis.database", int.class, 0));
        }
    }
}
