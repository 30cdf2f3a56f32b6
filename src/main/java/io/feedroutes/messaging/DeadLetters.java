package io.feedroutes.messaging;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.lang.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeType;

/** The dead letters on the management port, where Camel has no server: the routes of {@code dead-letter.camel.yaml} answer. */
@Component("deadLetters")
@WebEndpoint(id = "deadletters")
public final class DeadLetters {

    private static final int PAGE = 100;

    private final FluentProducerTemplate routes;
    private final Declarables topology;
    private final RabbitTemplate broker;

    DeadLetters(FluentProducerTemplate routes, Declarables topology, ConnectionFactory connections) {
        this.routes = routes;
        this.topology = topology;
        this.broker = new RabbitTemplate(connections);
        broker.setChannelTransacted(true);
    }

    @ReadOperation
    WebEndpointResponse<String> list() {
        return answer(routes.to("direct:dead-letter-list"));
    }

    @ReadOperation
    WebEndpointResponse<String> show(@Selector String selection) {
        return answer(routes.to("direct:dead-letter-show").withVariable("selection", selection));
    }

    @WriteOperation
    WebEndpointResponse<String> operate(
            @Selector String action, @Selector String selection, @Nullable String until, SecurityContext caller) {
        return answer(routes.to("direct:dead-letter-operate")
                .withVariable("action", action)
                .withVariable("selection", selection)
                .withVariable("until", until)
                .withVariable("operator", caller.getPrincipal().getName()));
    }

    private static WebEndpointResponse<String> answer(FluentProducerTemplate request) {
        Exchange done = request.send();
        var answer = done.getMessage();
        return new WebEndpointResponse<>(
                answer.getBody(String.class),
                answer.getHeader(Exchange.HTTP_RESPONSE_CODE, done.isFailed() ? 503 : 200, Integer.class),
                MimeType.valueOf(answer.getHeader(Exchange.CONTENT_TYPE, "application/json", String.class)));
    }

    /** @return the next dead letters, a hundred at most; the broker forgets them when the transaction ends well, and keeps them when not */
    public List<MessageBatch> take() {
        List<MessageBatch> letters = new ArrayList<>();
        for (Queue queue : topology.getDeclarablesByType(Queue.class)) {
            String name = queue.getName();
            Message letter;
            while (name.endsWith(".dlq") && letters.size() < PAGE && (letter = broker.receive(name)) != null) {
                letter.getMessageProperties().setConsumerQueue(name);
                letters.add(new MessageBatch(List.of(letter)));
            }
        }
        return letters;
    }
}
