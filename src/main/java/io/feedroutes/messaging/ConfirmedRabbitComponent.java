package io.feedroutes.messaging;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.apache.camel.component.springrabbit.SpringRabbitMQEndpoint;
import org.apache.camel.spi.annotations.Component;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** The component {@code spring-rabbitmq} with producers that share their channels. */
@Component("spring-rabbitmq")
final class ConfirmedRabbitComponent extends SpringRabbitMQComponent {

    private final ConfirmedPublisher publisher;

    ConfirmedRabbitComponent(CamelContext camel, ConnectionFactory connections) {
        setCamelContext(camel);
        publisher = new ConfirmedPublisher(connections);
        setConnectionFactory(connections);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SpringRabbitMQEndpoint endpoint = new SpringRabbitMQEndpoint(uri, this, remaining) {
            @Override
            public RabbitTemplate createInOnlyTemplate() {
                return new ConfirmedTemplate(getConnectionFactory(), publisher);
            }
        };
        endpoint.setConnectionFactory(getConnectionFactory());
        endpoint.setMessageConverter(getMessageConverter());
        getMessagePropertiesConverter().setHeaderFilterStrategy(getHeaderFilterStrategy());
        endpoint.setMessagePropertiesConverter(getMessagePropertiesConverter());
        endpoint.setAutoDeclare(isAutoDeclare());
        endpoint.setMessageListenerContainerType(getMessageListenerContainerType());
        endpoint.setConcurrentConsumers(getConcurrentConsumers());
        endpoint.setPrefetchCount(getPrefetchCount());
        endpoint.setMaximumRetryAttempts(getMaximumRetryAttempts());
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
