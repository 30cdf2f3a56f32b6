package io.feedroutes.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;

/** The Redis database that the contestants share. */
final class Cache {

    private Cache() {}

    /** Empties the database, so that no state of an earlier run is taken for accepted, and returns the server's version. */
    static String clear(Settings settings) {
        var client = RedisClient.create(RedisURI.builder()
                .withHost(settings.redisHost())
                .withPort(settings.redisPort())
                .withDatabase(settings.redisDatabase())
                .build());
        try (client; var connection = client.connect()) {
            connection.sync().flushdb();
            return connection.sync().info("server").lines()
                    .filter(line -> line.startsWith("redis_version:"))
                    .map(line -> line.substring("redis_version:".length()).trim())
                    .findFirst()
                    .orElse("?");
        }
    }
}
