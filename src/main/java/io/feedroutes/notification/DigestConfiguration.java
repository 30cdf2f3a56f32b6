package io.feedroutes.notification;

import static org.apache.camel.util.StringHelper.trimToNull;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.redis.processor.aggregate.RedisAggregationRepository;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the route {@code notification-digest-apply-events} keeps its open windows in. */
@Configuration(proxyBeanMethods = false)
class DigestConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(DigestConfiguration.class);
    /** No request waits for it; at the start of the JVM the first answer takes some time. */
    private static final int PATIENCE_MILLIS = 2000;

    /** Connects when it is first used, and gives up soon: Redis may be away, at the start as well. */
    @Bean(destroyMethod = "shutdown")
    RedissonClient redisson(RedisConnectionDetails redis) {
        RedisConnectionDetails.Standalone server = redis.getStandalone();
        Config config = new Config().setLazyInitialization(true).setThreads(2).setNettyThreads(2);
        config.useSingleServer()
                .setAddress("%s://%s:%d"
                        .formatted(
                                server.getSslBundle() == null ? "redis" : "rediss", server.getHost(), server.getPort()))
                .setUsername(trimToNull(redis.getUsername()))
                .setPassword(trimToNull(redis.getPassword()))
                .setDatabase(server.getDatabase())
                .setConnectTimeout(PATIENCE_MILLIS)
                .setTimeout(PATIENCE_MILLIS)
                .setRetryAttempts(0)
                .setConnectionMinimumIdleSize(1);
        return Redisson.create(config);
    }

    /** Camel asks it at the start for the windows that were open, and every few seconds for the digests that failed; never again when that fails. */
    @Bean
    RedisAggregationRepository digestWindows(RedissonClient redisson) {
        RedisAggregationRepository windows = new RedisAggregationRepository() {
            @Override
            public Set<String> getKeys() {
                return noneWithoutRedis(super::getKeys);
            }

            @Override
            public Set<String> scan(CamelContext camel) {
                return noneWithoutRedis(() -> super.scan(camel));
            }

            /** Camel keeps a window as it was before it closed; one that does not say how it was closed ends all recovery. */
            @Override
            public Exchange recover(CamelContext camel, String exchangeId) {
                Exchange closed = super.recover(camel, exchangeId);
                if (closed != null) {
                    closed.setProperty(ExchangePropertyKey.AGGREGATED_COMPLETED_BY, "timeout");
                }
                return closed;
            }
        };
        windows.setRedisson(redisson);
        windows.setMapName("digest:windows");
        windows.setPersistenceMapName("digest:closed");
        windows.setMaximumRedeliveries(0); // for ever
        return windows;
    }

    private static Set<String> noneWithoutRedis(Supplier<Set<String>> keys) {
        try {
            return Set.copyOf(keys.get());
        } catch (RedisException e) {
            LOG.warn("Digests wait for Redis: {}", e.getMessage());
            return Set.of();
        }
    }
}
