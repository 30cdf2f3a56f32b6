package io.feedroutes.notification;

import static org.apache.camel.util.StringHelper.trimToNull;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.redis.processor.aggregate.RedisAggregationRepository;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails.Node;
import org.springframework.boot.ssl.SslBundle;
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
        Config config = new Config().setLazyInitialization(true).setThreads(2).setNettyThreads(2);
        servers(config, redis)
                .setUsername(trimToNull(redis.getUsername()))
                .setPassword(trimToNull(redis.getPassword()))
                .setConnectTimeout(PATIENCE_MILLIS)
                .setTimeout(PATIENCE_MILLIS)
                .setRetryAttempts(0);
        return Redisson.create(config);
    }

    private static BaseConfig<?> servers(Config config, RedisConnectionDetails redis) {
        RedisConnectionDetails.Cluster cluster = redis.getCluster();
        if (cluster != null) {
            return config.useClusterServers()
                    .addNodeAddress(addresses(cluster.getNodes(), cluster.getSslBundle()))
                    .setMasterConnectionMinimumIdleSize(1)
                    .setSlaveConnectionMinimumIdleSize(1);
        }
        RedisConnectionDetails.Sentinel sentinel = redis.getSentinel();
        if (sentinel != null) {
            return config.useSentinelServers()
                    .setMasterName(sentinel.getMaster())
                    // One that answers is enough for Lettuce, too.
                    .setCheckSentinelsList(false)
                    .addSentinelAddress(addresses(sentinel.getNodes(), sentinel.getSslBundle()))
                    .setSentinelUsername(trimToNull(sentinel.getUsername()))
                    .setSentinelPassword(trimToNull(sentinel.getPassword()))
                    .setDatabase(sentinel.getDatabase())
                    .setMasterConnectionMinimumIdleSize(1)
                    .setSlaveConnectionMinimumIdleSize(1);
        }
        RedisConnectionDetails.Standalone server = redis.getStandalone();
        return config.useSingleServer()
                .setAddress(addresses(List.of(new Node(server.getHost(), server.getPort())), server.getSslBundle())[0])
                .setDatabase(server.getDatabase())
                .setConnectionMinimumIdleSize(1);
    }

    private static String[] addresses(List<Node> nodes, SslBundle tls) {
        String scheme = tls == null ? "redis" : "rediss";
        return nodes.stream()
                .map(node -> "%s://%s:%d".formatted(scheme, node.host(), node.port()))
                .toArray(String[]::new);
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
        // What stands in braces puts both into one slot of a Redis Cluster.
        windows.setMapName("{digest}:windows");
        windows.setPersistenceMapName("{digest}:closed");
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
