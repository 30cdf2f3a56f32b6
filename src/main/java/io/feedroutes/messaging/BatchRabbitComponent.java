package io.feedroutes.messaging;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.springrabbit.CamelSimpleMessageListenerContainer;
import org.apache.camel.component.springrabbit.DefaultMessagePropertiesConverter;
import org.apache.camel.component.springrabbit.SpringRabbitMQComponent;
import org.apache.camel.component.springrabbit.SpringRabbitMQEndpoint;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareBatchMessageListener;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Scope;
import org.springframework.stereotype.Component;

/**
 * The component {@code rabbit-batch}: one exchange for up to {@code feed.batch-size} messages, and for no more than the
 * endpoint's {@code prefetchCount}. Its body is the JSON array of the bodies, its
 * variable {@code batch} the {@link MessageBatch}; it has no header, and replies to nobody. The messages are acknowledged when the route has ended well;
 * when it ends badly, or the process dies, the broker delivers all of them again.
 */
@Component("rabbit-batch")
@Scope("prototype") // each Camel context has its own
final class BatchRabbitComponent extends SpringRabbitMQComponent {

    private static final long FILL_MILLIS = 20;
    private static final long RECOVERY_MILLIS = 1000;
    private static final String BATCH = "batch";

    private final Declarables topology;
    private final int batchSize;
    private final int consumers;

    BatchRabbitComponent(
            CamelContext camel,
            ConnectionFactory connections,
            Declarables topology,
            MeterRegistry meters,
            @Value("${feed.batch-size}") int batchSize,
            @Value("${feed.consumers}") int consumers) {
        this.topology = topology;
        this.batchSize = batchSize;
        this.consumers = consumers;
        setCamelContext(camel);
        setConnectionFactory(connections);
        setListenerContainerFactory(endpoint -> container(endpoint, meters));
        setMessagePropertiesConverter(new DefaultMessagePropertiesConverter() {
            @Override
            public Map<String, Object> fromMessageProperties(MessageProperties properties, Exchange exchange) {
                exchange.setVariable(BATCH, properties.getHeader(BATCH));
                return Map.of();
            }
        });
    }

    /** Says for each endpoint what Spring Boot would set anew for the whole component. */
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        parameters.putIfAbsent("prefetchCount", 2 * batchSize);
        parameters.putIfAbsent("concurrentConsumers", consumers);
        return super.createEndpoint(uri, remaining, parameters);
    }

    private AbstractMessageListenerContainer container(SpringRabbitMQEndpoint endpoint, MeterRegistry meters) {
        var sizes = DistributionSummary.builder("feed.batch.size")
                .description("Messages that a consumer took at once")
                .tag("queue", endpoint.getQueues())
                .register(meters);
        var container = new CamelSimpleMessageListenerContainer(endpoint) {
            @Override
            public void setMessageListener(MessageListener route) {
                super.setMessageListener(batches((ChannelAwareMessageListener) route, sizes));
            }
        };
        // Its threads are called after it.
        container.setBeanName(endpoint.getQueues());
        container.setQueueNames(declared(endpoint.getQueues()));
        container.setConsumerBatchEnabled(true);
        container.setBatchSize(Math.min(endpoint.getPrefetchCount(), batchSize));
        container.setPrefetchCount(endpoint.getPrefetchCount());
        container.setReceiveTimeout(FILL_MILLIS);
        container.setBatchReceiveTimeout(FILL_MILLIS * 5);
        container.setRecoveryInterval(RECOVERY_MILLIS);
        container.setMissingQueuesFatal(false);
        container.setPossibleAuthenticationFailureFatal(false);
        container.setAutoDeclare(false);
        return container;
    }

    /** @return the queue of this node if each node has its own, which is declared with a suffix */
    private String declared(String queue) {
        return topology.getDeclarablesByType(Queue.class).stream()
                .filter(Queue::isExclusive)
                .map(Queue::getName)
                .filter(name -> name.startsWith(queue + "."))
                .findFirst()
                .orElse(queue);
    }

    private static ChannelAwareBatchMessageListener batches(
            ChannelAwareMessageListener route, DistributionSummary sizes) {
        return (messages, channel) -> {
            sizes.record(messages.size());
            MessageBatch batch = new MessageBatch(messages);
            MessageProperties properties = new MessageProperties();
            properties.setHeader(BATCH, batch);
            try {
                route.onMessage(new Message(batch.getBody(), properties), channel);
            } catch (Exception e) {
                throw RuntimeCamelException.wrapRuntimeCamelException(e);
            }
        };
    }
}
