package io.feedroutes.patterns;

import io.feedroutes.messaging.BrokerPlugin;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;

/** What the messaging patterns need: their topology, and triggers that take no token. */
@Configuration(proxyBeanMethods = false)
@Profile("patterns")
@EnableConfigurationProperties(PatternsConfiguration.Patterns.class)
class PatternsConfiguration {

    private static final String CONSISTENT_HASH = "x-consistent-hash";

    /** @param topology by pattern, what is declared on every connection to the broker */
    @ConfigurationProperties("patterns")
    record Patterns(Map<String, List<Route>> topology) {}

    /**
     * A durable queue, and the exchange that it is bound to.
     *
     * @param exchange none for a queue that is only reached through the default exchange
     * @param type of the exchange; one of the type {@value #CONSISTENT_HASH} is declared only where the broker has the plugin
     * @param key the binding key, where the type of the exchange has one
     * @param match what a headers exchange compares
     * @param arguments of the queue
     */
    record Route(
            String exchange,
            String type,
            String queue,
            String key,
            Map<String, Object> match,
            Map<String, Object> arguments) {

        Stream<Declarable> declarables() {
            Queue taker = new Queue(queue, true, false, false, arguments);
            return exchange == null || hashes()
                    ? Stream.of(taker)
                    : Stream.of(new ExchangeBuilder(exchange, type).build(), taker, binding());
        }

        boolean hashes() {
            return CONSISTENT_HASH.equals(type);
        }

        Binding binding() {
            return new Binding(queue, DestinationType.QUEUE, exchange, key == null ? "" : key, match);
        }
    }

    @Bean
    Declarables patternTopology(Patterns patterns) {
        return new Declarables(patterns.topology().values().stream()
                .flatMap(List::stream)
                .flatMap(Route::declarables)
                .toList());
    }

    @Bean
    @DependsOn("amqpAdmin") // which declares the queues first
    BrokerPlugin consistentHashPlugin(CachingConnectionFactory connections, Patterns patterns) {
        return new BrokerPlugin(
                connections,
                CONSISTENT_HASH,
                Map.of(),
                patterns.topology().values().stream()
                        .flatMap(List::stream)
                        .filter(Route::hashes)
                        .map(Route::binding)
                        .toList());
    }

    @Bean
    @Order(0)
    SecurityFilterChain triggers(HttpSecurity http) throws Exception {
        return http.securityMatcher("/patterns/**")
                .csrf(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }
}
