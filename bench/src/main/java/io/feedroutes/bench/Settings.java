package io.feedroutes.bench;

import java.time.Duration;
import java.util.Optional;

/** What can be set, from the environment; README.md has the table. */
record Settings(
        String name,
        int rounds,
        int restWarmUpRequests,
        Duration restRound,
        int connections,
        int restAccounts,
        int restVideos,
        int drainAccounts,
        int drainVideos,
        int batchSize,
        int poolSize,
        String heap,
        boolean withoutApplication,
        String applicationJar,
        String applicationDirectory,
        String rabbitmqctl,
        String rabbitHost,
        int rabbitPort,
        String rabbitUsername,
        String rabbitPassword,
        String databaseUrl,
        String databaseUsername,
        String databasePassword,
        String redisHost,
        int redisPort,
        int redisDatabase) {

    static Settings fromEnvironment() {
        return new Settings(
                text("NAME", "feed_bench"),
                number("ROUNDS", 3),
                number("REST_WARM_UP_REQUESTS", 40_000),
                Duration.ofSeconds(number("REST_SECONDS", 10)),
                number("CONNECTIONS", 64),
                number("REST_ACCOUNTS", 2_000),
                number("REST_VIDEOS", 1_000),
                number("DRAIN_ACCOUNTS", 100),
                number("DRAIN_VIDEOS", 500),
                number("BATCH_SIZE", 100),
                number("POOL_SIZE", 16),
                text("HEAP", "256m"),
                Boolean.parseBoolean(text("WITHOUT_APP", "false")),
                text("APP_JAR", "../target/feed-routes.jar"),
                text("APP_DIRECTORY", "../target/app"),
                text("RABBITMQCTL", "rabbitmqctl"),
                text("RABBITMQ_HOST", "127.0.0.1"),
                number("RABBITMQ_PORT", 5672),
                text("RABBITMQ_USERNAME", "guest"),
                text("RABBITMQ_PASSWORD", "guest"),
                text("DATABASE_URL", "jdbc:mariadb://127.0.0.1:3306/"),
                text("DATABASE_USERNAME", "root"),
                text("DATABASE_PASSWORD", ""),
                text("REDIS_HOST", "127.0.0.1"),
                number("REDIS_PORT", 6379),
                number("REDIS_DATABASE", 14));
    }

    int drainEvents() {
        return drainAccounts * drainVideos;
    }

    private static String text(String name, String otherwise) {
        return Optional.ofNullable(System.getenv("BENCH_" + name)).orElse(otherwise);
    }

    private static int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }
}
