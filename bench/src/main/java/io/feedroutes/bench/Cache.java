package io.feedroutes.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;

/** The Redis database that the contestants share. */
final class Cache {

    private Cache() {}

    /** Waits, a minute at most, until a key is there. */
    static void awaitKey(Settings settings, String key) throws InterruptedException {
        var client = client(settings);
        try (client; var connection = client.connect()) {
            for (int i = 0; connection.sync().exists(key) == 0; i++) {
                if (i == 600) {
                    throw new IllegalStateException("Redis has no " + key);
                }
                Thread.sleep(100);
            }
        }
    }

    /** Empties the database, so that no state of an earlier run is taken for accepted, and returns the server's version. */
    static String clear(Settings settings) {
        var client = client(settings);
        try (client; var connection = client.connect()) {
            connection.sync().flushdb();
            return connection.sync().info("server").lines()
                    .filter(line -> line.startsWith("redis_version:"))
                    .map(line -> line.substring("redis_version:".length()).trim())
                    .findFirst()
                    .orElse("?");
        }
    }

    private static RedisClient client(Settings settings) {
        return RedisClient.create(RedisURI.builder()
                .withHost(settings.redisHost())
                .withPort(settings.redisPort())
                .withDatabase(settings.redisDatabase())
                .build());
    }
}
