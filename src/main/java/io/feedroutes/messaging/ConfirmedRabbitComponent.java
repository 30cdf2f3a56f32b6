package io.feedroutes.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
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
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultProducer;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * The component {@code spring-rabbitmq}, whose producers share a few channels. What each of them needs is its default: a send asks for no reply and ends when
 * the broker has confirmed the message; a map is sent as JSON, and what it has as {@code event_id} is the id of the message. A send with
 * {@code confirm: auto} does not wait: the next one of the exchange waits for both.
 */
@Component("spring-rabbitmq") // by which Spring Boot finds its properties
final class ConfirmedRabbitComponent extends SpringRabbitMQComponent {

    private static final String EVENT_ID = "event_id";
    private static final String UNCONFIRMED = "feed.unconfirmed";

    private final ConfirmedPublisher publisher;
    private final ObjectMapper json;
    private final long confirmTimeoutMillis;

    ConfirmedRabbitComponent(
            CamelContext camel, ConnectionFactory connections, ObjectMapper json, long confirmTimeoutMillis) {
        this.json = json;
        this.confirmTimeoutMillis = confirmTimeoutMillis;
        publisher = new ConfirmedPublisher(connections);
        setCamelContext(camel);
        setConnectionFactory(connections);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SpringRabbitMQEndpoint endpoint = new SpringRabbitMQEndpoint(uri, this, remaining) {
            @Override
            public Producer createProducer() {
                return new ConfirmedProducer(this);
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
        endpoint.setDisableReplyTo(true);
        endpoint.setConfirm("enabled");
        endpoint.setConfirmTimeout(confirmTimeoutMillis);
        setProperties(endpoint, parameters);
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
            List<CompletableFuture<Boolean>> sent = unconfirmed(exchange);
            sent.add(publisher.publish(SpringRabbitMQHelper.isDefaultExchange(to) ? "" : to, key, message(exchange)));
            if (endpoint.getConfirm().equals("auto")) {
                exchange.setProperty(UNCONFIRMED, sent);
            } else {
                await(sent);
            }
        }

        private static String header(Exchange exchange, String name, String otherwise) {
            String value = (String) exchange.getMessage().removeHeader(name);
            return value == null ? otherwise : value;
        }

        @SuppressWarnings("unchecked")
        private static List<CompletableFuture<Boolean>> unconfirmed(Exchange exchange) {
            Object before = exchange.removeProperty(UNCONFIRMED);
            return before == null ? new ArrayList<>() : (List<CompletableFuture<Boolean>>) before;
        }

        private Message message(Exchange exchange) throws JsonProcessingException {
            MessageProperties properties =
                    endpoint.getMessagePropertiesConverter().toMessageProperties(exchange);
            Object body = exchange.getMessage().getBody();
            if (!(body instanceof Map<?, ?> event)) {
                return endpoint.getMessageConverter().toMessage(body, properties);
            }
            properties.setContentType(MessageProperties.CONTENT_TYPE_JSON);
            if (event.get(EVENT_ID) instanceof String id) {
                properties.setMessageId(id);
            }
            return new Message(json.writeValueAsBytes(event), properties);
        }

        private void await(List<CompletableFuture<Boolean>> sent) throws TimeoutException {
            try {
                for (CompletableFuture<Boolean> confirmation : sent) {
                    if (!confirmation.get(endpoint.getConfirmTimeout(), TimeUnit.MILLISECONDS)) {
                        throw new AmqpException("The broker refused the message, or no queue is bound for it");
                    }
                }
            } catch (ExecutionException e) {
                throw new AmqpException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AmqpException(e);
            }
        }
    }
}
