package io.feedroutes.bench.peer;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.support.converter.Jackson2JsonMessageConverter;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The exchanges and queues of the wire contract, as quorum queues. */
@Configuration(proxyBeanMethods = false)
class Topology {

    static final String LIKES = "like.events";
    static final String POPULARITY = "video.popularity.events";

    @Bean
    Declarables likeTopology() {
        return bound(LIKES, "like.*");
    }

    @Bean
    Declarables popularityTopology() {
        return bound(POPULARITY, "video.popularity.*");
    }

    @Bean
    MessageConverter messageConverter() {
        return new Jackson2JsonMessageConverter();
    }

    private static Declarables bound(String name, String keys) {
        var exchange = new TopicExchange(name);
        var queue = QueueBuilder.durable(name).quorum().build();
        return new Declarables(exchange, queue, BindingBuilder.bind(queue).to(exchange).with(keys));
    }
}
