package io.feedroutes.patterns;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** What the messaging patterns need beside their queues: an exchange that a plugin brings, and triggers that take no token. */
@Configuration(proxyBeanMethods = false)
@Profile("patterns")
class PatternsConfiguration {

    /**
     * A broker without the plugin closes the connection that asks for the exchange: it is declared on one of its own, whenever the application has
     * connected. Where it is missing, the trigger is answered with 503.
     *
     * @param queuesFirst declares the queues, as it was there before
     */
    @Autowired
    void declareWhatAPluginBrings(CachingConnectionFactory connections, AmqpAdmin queuesFirst, Declarables topology) {
        connections.addConnectionListener(application -> {
            try (Connection own = connections.getRabbitConnectionFactory().newConnection();
                    Channel channel = own.createChannel()) {
                for (Binding binding : topology.getDeclarablesByType(Binding.class)) {
                    if (!binding.shouldDeclare()) {
                        channel.exchangeDeclare(binding.getExchange(), "x-consistent-hash", true);
                        channel.queueBind(binding.getDestination(), binding.getExchange(), binding.getRoutingKey());
                    }
                }
            } catch (IOException | TimeoutException | RuntimeException e) {
                // There is no plugin, or no broker any more.
            }
        });
    }

    @Bean
    @Order(0)
    SecurityFilterChain triggers(HttpSecurity http) throws Exception {
        return http.securityMatcher(PathPatternRequestMatcher.withDefaults().matcher("/patterns/**"))
                .csrf(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }
}
