package io.feedroutes.messaging;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.springrabbit.DefaultMessagePropertiesConverter;
import org.apache.camel.component.springrabbit.MessageListenerContainer;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.apache.camel.component.springrabbit.SpringRabbitMQEndpoint;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareBatchMessageListener;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.amqp.support.converter.MessageConversionException;
import org.springframework.amqp.support.converter.MessageConverter;

/**
 * The component {@code rabbit-batch}: one exchange for up to {@code feed.batch-size} messages, and for no more than the
 * endpoint's {@code prefetchCount}. Its body is the JSON array of the bodies, its
 * variable {@code batch} the {@link MessageBatch}. They are acknowledged when the route has ended well; when it ends badly, or the
 * process dies, the broker delivers all of them again.
 */
final class BatchRabbitComponent extends SpringRabbitMQComponent {

    private static final long FILL_MILLIS = 20;
    private static final long RECOVERY_MILLIS = 1000;

    BatchRabbitComponent(
            CamelContext camel,
            ConnectionFactory connections,
            int batchSize,
            int consumers,
            UnaryOperator<String> queueNames) {
        setCamelContext(camel);
        setConnectionFactory(connections);
        setAutoDeclare(false);
        setListenerContainerFactory(endpoint -> container(endpoint, batchSize, consumers, queueNames));
        setMessageConverter(new BatchConverter());
        setMessagePropertiesConverter(new DefaultMessagePropertiesConverter() {
            @Override
            public Map<String, Object> fromMessageProperties(MessageProperties properties, Exchange exchange) {
                exchange.setVariable("batch", ((MessageBatch.Properties) properties).batch());
                return Map.of();
            }
        });
    }

    /** An event that asks for a reply gets none. */
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SpringRabbitMQEndpoint endpoint = (SpringRabbitMQEndpoint) super.createEndpoint(uri, remaining, parameters);
        endpoint.setDisableReplyTo(true);
        return endpoint;
    }

    private static AbstractMessageListenerContainer container(
            SpringRabbitMQEndpoint endpoint, int batchSize, int consumers, UnaryOperator<String> queueNames) {
        Integer prefetch = endpoint.getPrefetchCount();
        int most = prefetch == null ? batchSize : Math.min(prefetch, batchSize);
        BatchContainer container = new BatchContainer();
        // Its threads are called after it.
        container.setBeanName(endpoint.getQueues());
        container.setConnectionFactory(endpoint.getConnectionFactory());
        container.setQueueNames(
                Stream.of(endpoint.getQueues().split(",")).map(queueNames).toArray(String[]::new));
        container.setConcurrentConsumers(consumers);
        container.setConsumerBatchEnabled(true);
        container.setBatchSize(most);
        container.setPrefetchCount(prefetch == null ? 2 * batchSize : prefetch);
        container.setReceiveTimeout(FILL_MILLIS);
        container.setBatchReceiveTimeout(FILL_MILLIS * 5);
        container.setRecoveryInterval(RECOVERY_MILLIS);
        container.setMissingQueuesFatal(false);
        container.setAutoDeclare(false);
        return container;
    }

    private static final class BatchContainer extends SimpleMessageListenerContainer
            implements MessageListenerContainer {

        @Override
        public void setMessageListener(MessageListener listener) {
            ChannelAwareMessageListener route = (ChannelAwareMessageListener) listener;
            super.setMessageListener((ChannelAwareBatchMessageListener) (messages, channel) -> {
                try {
                    route.onMessage(MessageBatch.of(messages), channel);
                } catch (Exception e) {
                    throw RuntimeCamelException.wrapRuntimeCamelException(e);
                }
            });
        }

        @Override
        public AmqpAdmin getAmqpAdmin() {
            return null;
        }
    }

    private static final class BatchConverter implements MessageConverter {

        @Override
        public Message toMessage(Object object, MessageProperties properties) {
            throw new MessageConversionException("rabbit-batch only consumes");
        }

        @Override
        public Object fromMessage(Message batch) {
            return batch.getBody();
        }
    }
}
