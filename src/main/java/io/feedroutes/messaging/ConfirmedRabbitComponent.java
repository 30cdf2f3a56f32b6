package io.feedroutes.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.apache.camel.component.springrabbit.SpringRabbitMQConstants;
import org.apache.camel.component.springrabbit.SpringRabbitMQEndpoint;
import org.apache.camel.component.springrabbit.SpringRabbitMQHelper;
import org.apache.camel.support.DefaultProducer;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Scope;
import org.springframework.stereotype.Component;

/**
 * The component {@code spring-rabbitmq}, whose producers share one channel. What each of them needs is its default: a send asks for no reply and ends when
 * the broker has confirmed the message; a map is sent as JSON, and what it has as {@code event_id} is the id of the message. A send with
 * {@code confirm: disabled} does not wait.
 */
@Component("spring-rabbitmq")
@Scope("prototype") // each Camel context has its own
@org.apache.camel.spi.annotations.Component("spring-rabbitmq") // by which Spring Boot finds its properties
final class ConfirmedRabbitComponent extends SpringRabbitMQComponent {

    private final ConfirmedPublisher publisher;
    private final ObjectMapper json;
    private final long confirmTimeoutMillis;

    ConfirmedRabbitComponent(
            CamelContext camel,
            ConnectionFactory connections,
            ConfirmedPublisher publisher,
            ObjectMapper json,
            @Value("${feed.confirm-timeout}") long confirmTimeoutMillis) {
        this.json = json;
        this.confirmTimeoutMillis = confirmTimeoutMillis;
        this.publisher = publisher;
        setCamelContext(camel);
        setConnectionFactory(connections);
    }

    /** @return what Camel would return, but for the producer */
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        parameters.putIfAbsent("disableReplyTo", true);
        parameters.putIfAbsent("confirm", "enabled");
        parameters.putIfAbsent("confirmTimeout", confirmTimeoutMillis);
        SpringRabbitMQEndpoint endpoint = new SpringRabbitMQEndpoint(uri, this, remaining) {
            @Override
            public Producer createProducer() {
                return new ConfirmedProducer(this);
            }
        };
        BeanUtils.copyProperties(super.createEndpoint(uri, remaining, parameters), endpoint);
        return endpoint;
    }

    private final class ConfirmedProducer extends DefaultProducer {

        private final SpringRabbitMQEndpoint endpoint;

        ConfirmedProducer(SpringRabbitMQEndpoint endpoint) {
            super(endpoint);
            this.endpoint = endpoint;
        }

        /**
         * @throws AmqpException when the broker is away, refuses a message, or no queue is bound for it
         * @throws TimeoutException when the broker has not confirmed in time
         */
        @Override
        public void process(Exchange exchange) throws Exception {
            String to = header(exchange, SpringRabbitMQConstants.EXCHANGE_OVERRIDE_NAME, endpoint.getExchangeName());
            String key = header(exchange, SpringRabbitMQConstants.ROUTING_OVERRIDE_KEY, endpoint.getRoutingKey());
            CompletableFuture<?> sent =
                    publisher.publish(SpringRabbitMQHelper.isDefaultExchange(to) ? "" : to, key, message(exchange));
            if (endpoint.getConfirm().equals("disabled")) {
                return;
            }
            try {
                sent.get(endpoint.getConfirmTimeout(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                sent.cancel(false);
                throw e;
            } catch (ExecutionException e) {
                throw new AmqpException(e.getCause());
            }
        }

        private static String header(Exchange exchange, String name, String otherwise) {
            String value = (String) exchange.getMessage().removeHeader(name);
            return value == null ? otherwise : value;
        }

        private Message message(Exchange exchange) throws JsonProcessingException {
            MessageProperties properties =
                    endpoint.getMessagePropertiesConverter().toMessageProperties(exchange);
            Object body = exchange.getMessage().getBody();
            if (!(body instanceof Map<?, ?> event)) {
                return endpoint.getMessageConverter().toMessage(body, properties);
            }
            properties.setContentType(MessageProperties.CONTENT_TYPE_JSON);
            if (event.get("event_id") instanceof String id) {
                properties.setMessageId(id);
            }
            return new Message(json.writeValueAsBytes(event), properties);
        }
    }
}
