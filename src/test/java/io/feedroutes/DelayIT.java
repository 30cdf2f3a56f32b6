package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.conventions.Project;
import io.feedroutes.support.Broker;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.beans.factory.annotation.Autowired;

/** Messages that arrive later. */
@FeedTest
class DelayIT {

    @Autowired
    Broker broker;

    @Autowired
    ProducerTemplate routes;

    @Autowired
    CamelContext camel;

    @Autowired
    AmqpAdmin admin;

    private String destination;
    private final Map<String, Long> sentFor = new ConcurrentHashMap<>();

    @BeforeEach
    void aDestination() {
        destination = "delayed-" + UUID.randomUUID();
        admin.declareQueue(QueueBuilder.durable(destination).expires(600_000).build());
    }

    @AfterEach
    void theRelayRuns() throws Exception {
        camel.getRouteController().startRoute("delay-apply");
    }

    @Test
    void aMessageIsNeverEarlyAndAtMostASecondLate() {
        List<Long> delays = List.of(50L, 100L, 730L, 1000L, 2350L, 4000L);
        delays.forEach(this::sendIn);
        arrivals(delays.size())
                .forEach((message, at) ->
                        assertThat(at - sentFor.get(message)).as(message).isBetween(0L, 1000L));
    }

    @Test
    void aShortDelayDoesNotWaitForALongOne() {
        sendIn(20_000);
        sendIn(1000);
        assertThat(arrivals(1)).containsOnlyKeys("1000");
    }

    @Test
    void whatWaitsOutlivesTheConnectionToTheBroker() {
        sendIn(3000);
        FeedServices.get().broker().down();
        FeedServices.get().broker().up();
        assertThat(arrivals(1)).containsOnlyKeys("3000");
    }

    @Test
    void whatIsDueWhileNobodyRelaysArrivesWhenSomebodyDoes() throws Exception {
        camel.getRouteController().stopRoute("delay-apply");
        sendIn(200);
        await().during(Duration.ofSeconds(1)).until(() -> broker.depth(destination) == 0);
        camel.getRouteController().startRoute("delay-apply");
        assertThat(arrivals(1)).containsOnlyKeys("200");
    }

    @Test
    void aMessageArrivesAsItWasSent() {
        String text = "neither JSON nor ASCII: 时间";
        Exchange sent = routes.request("direct:delay-send", exchange -> {
            exchange.getMessage().setBody(text);
            exchange.getMessage().setHeader("CamelSpringRabbitmqMessageId", "id-" + destination);
            exchange.getMessage().setHeader("CamelSpringRabbitmqContentType", "application/x-time");
            delay(exchange, 300);
        });
        assertThat(sent.getException()).isNull();
        Message arrived = broker.take(destination);
        assertThat(new String(arrived.getBody(), UTF_8)).isEqualTo(text);
        assertThat(arrived.getMessageProperties().getMessageId()).isEqualTo("id-" + destination);
        assertThat(arrived.getMessageProperties().getContentType()).isEqualTo("application/x-time");
        assertThat(arrived.getMessageProperties().getHeaders()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "no-exchange-of-this-name"})
    void aMessageThatNoQueueTakesIsParkedAndHoldsUpNobody(String exchangeName) {
        broker.takeAll("delay.due.dlq");
        Exchange sent = routes.request("direct:delay-send", exchange -> {
            exchange.getMessage().setBody("lost");
            delay(exchange, 200);
            exchange.setVariable("delay_exchange", exchangeName);
            exchange.setVariable("delay_key", "no-queue-of-this-name");
        });
        assertThat(sent.getException()).isNull();
        sendIn(400);
        assertThat(arrivals(1)).containsOnlyKeys("400");
        assertThat(new String(broker.take("delay.due.dlq").getBody(), UTF_8)).isEqualTo("lost");
    }

    @Test
    void aMessageThatIsDueIsSentAtOnce() {
        sendIn(0);
        assertThat(arrivals(1)).containsOnlyKeys("0");
    }

    @Test
    void everyTierOfTheRouteIsAQueueOfTheTopology() throws Exception {
        Map<String, Long> route = Pattern.compile("\\[\"(\\w+)\", (\\d+)]")
                .matcher(Files.readString(Path.of("routes/delay.camel.yaml")))
                .results()
                .collect(toMap(tier -> "delay." + tier.group(1), tier -> Long.valueOf(tier.group(2))));
        Map<String, Long> topology = Project.of(Path.of("")).properties().get("feed", "topology").parts().stream()
                .filter(queue -> !queue.get("arguments").parts().isEmpty())
                .collect(toMap(
                        queue -> queue.get("queue").text(),
                        queue -> Long.valueOf(
                                queue.get("arguments", "x-message-ttl").text())));
        assertThat(route).isEqualTo(topology).isNotEmpty();
    }

    /** Sends a message whose text is its delay. */
    private void sendIn(long milliseconds) {
        Exchange sent = routes.request("direct:delay-send", exchange -> {
            exchange.getMessage().setBody(Long.toString(milliseconds));
            sentFor.put(Long.toString(milliseconds), delay(exchange, milliseconds));
        });
        assertThat(sent.getException()).isNull();
    }

    private long delay(Exchange exchange, long milliseconds) {
        long dueAt = System.currentTimeMillis() + milliseconds;
        exchange.setVariable("due_at", dueAt);
        exchange.setVariable("delay_exchange", "default");
        exchange.setVariable("delay_key", destination);
        return dueAt;
    }

    /** When each of the next messages arrived, by its text. */
    private Map<String, Long> arrivals(int messages) {
        Map<String, Long> arrivals = new ConcurrentHashMap<>();
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            new ArrayList<>(broker.takeAll(destination))
                    .forEach(message -> arrivals.put(new String(message.getBody(), UTF_8), System.currentTimeMillis()));
            return arrivals.size() == messages;
        });
        return arrivals;
    }
}
