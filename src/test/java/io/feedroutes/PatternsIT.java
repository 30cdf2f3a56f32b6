package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.RealBrokerOnly;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;

/** What each of the messaging patterns shows when it is triggered. */
@FeedTest
@ActiveProfiles("patterns")
@DirtiesContext
class PatternsIT {

    private static final String DEAD_LETTERS = "dead-letter exchanges";

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    RabbitTemplate rabbit;

    @Autowired
    CamelContext camel;

    @Test
    void theTasksOfAQueueAreWorkedOnceEach() {
        awaitIdleWorkers();
        trigger("work-queue?tasks=5&seconds=0");
        await().untilAsserted(() -> assertThat(bodies("work-queue"))
                .containsExactlyInAnyOrder("task 0", "task 1", "task 2", "task 3", "task 4"));
    }

    @Test
    void aBusyWorkerLeavesTheNextTaskToOthers() {
        awaitIdleWorkers();
        trigger("work-queue?tasks=2&seconds=3");
        assertThat(text(broker.take("my_queue"))).isEqualTo("task 1");
        await().untilAsserted(() -> assertThat(bodies("work-queue")).containsExactly("task 0"));
    }

    @Test
    void theTasksOfAWorkerThatIsCutOffAreWorkedAllTheSame() {
        awaitIdleWorkers();
        trigger("work-queue?tasks=3&seconds=1");
        await().until(() -> broker.depth("my_queue") == 2);
        FeedServices.get().broker().down();
        FeedServices.get().broker().up();
        await().untilAsserted(() -> assertThat(bodies("work-queue")).contains("task 0", "task 1", "task 2"));
    }

    /** A task that another test has left would be taken for one of this test. */
    private void awaitIdleWorkers() {
        await().during(Duration.ofSeconds(2))
                .until(() -> broker.depth("my_queue") == 0
                        && camel.getInflightRepository().size("work-queue-work") == 0);
    }

    @Test
    void aFanoutReachesEveryQueue() {
        trigger("fanout");
        await().untilAsserted(
                        () -> assertThat(consumers("fanout")).containsExactlyInAnyOrder("fanout-mail", "fanout-audit"));
    }

    @ParameterizedTest
    @CsvSource({"log, direct-hello", "alarm, direct-alarms"})
    void aDirectExchangeGoesByTheWholeKey(String key, String consumer) {
        trigger("direct?key=" + key);
        await().untilAsserted(() -> assertThat(consumers("direct")).containsExactly(consumer));
    }

    @ParameterizedTest
    @CsvSource({
        "kern, topic-kern",
        "kern.disk.full, topic-kern",
        "cron.critical, topic-critical",
        "kern.critical, topic-kern topic-critical"
    })
    void aTopicExchangeGoesByTheWordsOfTheKey(String key, String consumers) {
        trigger("topic?key=" + key);
        await().untilAsserted(() -> assertThat(consumers("topic")).containsExactlyInAnyOrder(consumers.split(" ")));
    }

    @Test
    void whatNoBindingKeyFitsIsRefused() {
        feed.post("/patterns/topic?key=cron.critical.late", "hello").isRefused(503, "no queue is bound");
    }

    @ParameterizedTest
    @CsvSource({"pdf, report, headers-any headers-all", "pdf, letter, headers-any", "text, report, headers-any"})
    void aHeadersExchangeComparesAnyOrAllHeaders(String format, String kind, String consumers) {
        trigger("headers?format=" + format + "&kind=" + kind);
        await().untilAsserted(() -> assertThat(consumers("headers")).containsExactlyInAnyOrder(consumers.split(" ")));
    }

    @Test
    void aShortDelayOvertakesALongOne() {
        post("delay?seconds=3", "long");
        post("delay?seconds=1", "short");
        await().untilAsserted(() -> assertThat(bodies("delay")).containsExactly("short", "long"));
    }

    @Test
    void aMessageThatTheBrokerHasIsConfirmed() {
        assertThat(outcome(trigger("publisher-confirm?queue=open"))).isEqualTo("confirmed");
        await().untilAsserted(() -> assertThat(bodies("publisher-confirm")).containsExactly("hello"));
    }

    @Test
    @RealBrokerOnly("queues that refuse when they are full")
    void aMessageForAFullQueueIsRefused() {
        assertThat(outcome(trigger("publisher-confirm?queue=full"))).isEqualTo("refused");
    }

    @Test
    void aMessageForAMissingQueueIsRefused() {
        assertThat(outcome(trigger("publisher-confirm?queue=missing"))).isEqualTo("refused");
    }

    @Test
    void aMessageThatABrokerDoesNotConfirmInFiveSecondsIsTimedOut() {
        trigger("publisher-confirm?queue=open");
        FeedServices.get().broker().answersWithheld();
        Answer answer = trigger("publisher-confirm?queue=open");
        assertThat(outcome(answer)).isEqualTo("timed out");
        assertThat(answer.took()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
    }

    @Test
    void senderAndConsumerComeBackToABrokerThatWasAway() {
        FeedServices.get().broker().down();
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> trigger("reconnect"));
        await().during(Duration.ofSeconds(1)).until(() -> !answer.isDone());
        FeedServices.get().broker().up();
        assertThat(outcome(answer.join())).matches("sent after [1-9]\\d* failed attempts");
        await().untilAsserted(() -> assertThat(bodies("reconnect")).containsExactly("hello"));
    }

    @Test
    void whatComesTwiceIsWorkedOnce() {
        trigger("idempotent-consumer?times=3");
        send("idempotent-consumer", "", "patterns.idempotent", "another");
        await().untilAsserted(() -> assertThat(bodies("idempotent-consumer")).contains("another"));
        assertThat(bodies("idempotent-consumer")).containsExactly("hello", "another");
    }

    @Test
    void aLazyQueueDeliversAllThatItKeeps() {
        trigger("lazy-queue?messages=20");
        await().untilAsserted(() -> assertThat(bodies("lazy-queue"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(n -> "message " + n).toList()));
    }

    @Test
    @RealBrokerOnly("lazy queues")
    void theLazyQueueIsLazy() {
        hasArguments("patterns.lazy", Map.of("x-queue-mode", "lazy"));
    }

    @Test
    @RealBrokerOnly("quorum queues")
    void aQuorumQueueCountsDeliveriesWhereAClassicQueueOnlyMarksThem() {
        trigger("quorum-queue");
        await().untilAsserted(() -> assertThat(deliveries("quorum-queue"))
                .allSatisfy(delivery ->
                        assertThat(delivery.get("redelivered").asBoolean()).isTrue())
                .extracting(
                        delivery -> delivery.get("consumer").asText(),
                        delivery -> delivery.at("/headers/x-delivery-count").asInt())
                .containsExactlyInAnyOrder(tuple("quorum-queue-quorum", 1), tuple("quorum-queue-classic", 0)));
    }

    @Test
    @RealBrokerOnly(DEAD_LETTERS)
    void whatIsRejectedIsDeadLettered() {
        post("dead-letter?copies=1&expiration=60000", "{}");
        await().untilAsserted(() -> assertThat(reasons()).containsExactly("rejected"));
    }

    @Test
    @RealBrokerOnly(DEAD_LETTERS)
    void whatCannotBeParsedIsDeadLetteredAsItCame() {
        post("dead-letter?copies=1&expiration=60000", "这是一条注定要失败的消息");
        await().untilAsserted(() -> assertThat(bodies("dead-letter")).containsExactly("这是一条注定要失败的消息"));
        assertThat(reasons()).containsExactly("rejected");
    }

    @Test
    @RealBrokerOnly(DEAD_LETTERS)
    void whatExpiresBehindAnotherIsDeadLettered() {
        post("dead-letter?copies=2&expiration=100", "{}");
        await().untilAsserted(() -> assertThat(reasons()).containsExactlyInAnyOrder("expired", "rejected"));
    }

    @Test
    @RealBrokerOnly(DEAD_LETTERS)
    void whatDoesNotFitIntoTheQueueIsDeadLettered() {
        post("dead-letter?copies=8&expiration=60000", "{}");
        await().untilAsserted(() -> assertThat(reasons()).hasSize(8).contains("maxlen", "rejected"));
    }

    @Test
    void whatFailsTwiceIsDoneInTheThirdAttempt() {
        trigger("counted-retry?failures=2");
        await().untilAsserted(() -> assertThat(attempts())
                .containsExactly("counted-retry-work 0", "counted-retry-work 1", "counted-retry-work 2"));
    }

    @Test
    void whatFailsThreeTimesIsGivenUp() {
        trigger("counted-retry?failures=3");
        await().untilAsserted(() -> assertThat(attempts())
                .containsExactly(
                        "counted-retry-work 0",
                        "counted-retry-work 1",
                        "counted-retry-work 2",
                        "counted-retry-read 3"));
    }

    @Test
    void whatIsGivenUpHasItsIdItsTypeAndItsHeaders() throws Exception {
        camel.getRouteController().stopRoute("counted-retry-read");
        try {
            rabbit.send(
                    "dlx",
                    "",
                    MessageBuilder.withBody("{}".getBytes(UTF_8))
                            .setContentType("application/json")
                            .setMessageId("an-id")
                            .setHeader("x-retry-count", 2L)
                            .setHeader("failures", 9)
                            .setHeader("x-mine", "kept")
                            .build());
            Message parked = broker.take("dlq");
            assertThat(text(parked)).isEqualTo("{}");
            assertThat(parked.getMessageProperties().getContentType()).isEqualTo("application/json");
            assertThat(parked.getMessageProperties().getMessageId()).isEqualTo("an-id");
            assertThat(parked.getMessageProperties().getHeaders())
                    .containsEntry("x-mine", "kept")
                    .containsEntry("x-retry-count", 3L);
        } finally {
            camel.getRouteController().startRoute("counted-retry-read");
        }
    }

    @Test
    void whileAFailedMessageWaitsOthersPass() {
        trigger("counted-retry?failures=1");
        await().until(() -> bodies("counted-retry").size() == 1);
        send("counted-retry", "dlx", "", "another");
        await().untilAsserted(() -> assertThat(bodies("counted-retry")).containsExactly("hello", "another", "hello"));
    }

    @Test
    void theMessagesOfAKeyKeepTheirOrder() {
        trigger("ordered?keys=a&messages=20");
        await().untilAsserted(() -> assertThat(texts("ordered", "/headers/number"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(String::valueOf).toList()));
    }

    @Test
    void messagesOfDifferentKeysAreWorkedAtTheSameTime() {
        trigger("ordered?keys=a,b,c,d&messages=10");
        overlapInTime(worked("ordered", 40));
    }

    @Test
    @RealBrokerOnly("arguments that are compared")
    void aQueueOfTheOrderedPatternHasOneActiveConsumer() {
        hasArguments("patterns.ordered.0", Map.of("x-single-active-consumer", true));
    }

    @Test
    @RealBrokerOnly(value = "consistent hash exchange", exchangeType = "x-consistent-hash")
    void theMessagesOfAHashedKeyKeepTheirOrder() {
        trigger("consistent-hash?keys=a,b,c,d,e,f,g,h&messages=10");
        Map<String, List<Integer>> numbersByKey = worked("consistent-hash", 80).stream()
                .collect(groupingBy(
                        delivery -> delivery.get("routing_key").asText(),
                        mapping(delivery -> delivery.at("/headers/number").asInt(), toList())));
        assertThat(numbersByKey)
                .hasSize(8)
                .allSatisfy((key, numbers) -> assertThat(numbers)
                        .containsExactlyElementsOf(
                                IntStream.range(0, 10).boxed().toList()));
    }

    @Test
    @RealBrokerOnly(value = "consistent hash exchange", exchangeType = "x-consistent-hash")
    void messagesOfHashedKeysAreWorkedAtTheSameTime() {
        trigger("consistent-hash?keys=a,b,c,d,e,f,g,h&messages=10");
        overlapInTime(worked("consistent-hash", 80));
    }

    @Test
    @DisabledIfEnvironmentVariable(
            named = "FEED_TEST_SERVICES",
            matches = "external",
            disabledReason = "has the plugin")
    void withoutThePluginAHashedMessageIsRefused() {
        feed.post("/patterns/consistent-hash?keys=a&messages=1", "hello").isRefused(503, "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "work-queue?tasks=0&seconds=1 tasks",
                "work-queue?tasks=many&seconds=1 tasks",
                "work-queue?seconds=1 tasks",
                "direct?key=other key",
                "dead-letter?copies=1&expiration=-1 expiration"
            })
    void wrongParametersAreRefused(String trigger, String parameter) {
        feed.post("/patterns/" + trigger, "hello").isRefused(400, "header." + parameter);
    }

    /** When a message of a routing key was worked. */
    private record Work(String key, LocalTime began, LocalTime ended) {

        static Work of(JsonNode delivery) {
            return new Work(
                    delivery.get("routing_key").asText(),
                    LocalTime.parse(delivery.at("/headers/began").asText()),
                    LocalTime.parse(delivery.get("at").asText()));
        }

        boolean overlapsAnotherKey(Work other) {
            return !key.equals(other.key) && began.isBefore(other.ended) && other.began.isBefore(ended);
        }
    }

    private Answer trigger(String pattern) {
        return post(pattern, "hello");
    }

    private Answer post(String pattern, String body) {
        return feed.post("/patterns/" + pattern, body).isOk();
    }

    /** A message for a pattern that comes from elsewhere. */
    private void send(String pattern, String exchange, String key, String body) {
        rabbit.send(
                exchange,
                key,
                MessageBuilder.withBody(body.getBytes(UTF_8))
                        .setContentType("text/plain")
                        .setType(pattern)
                        .setMessageId(body + System.nanoTime())
                        .build());
    }

    private static String outcome(Answer answer) {
        return answer.json().get("outcome").asText();
    }

    private List<JsonNode> deliveries(String pattern) {
        JsonNode deliveries = feed.get("/patterns/" + pattern).isOk().json().get("deliveries");
        return StreamSupport.stream(deliveries.spliterator(), false).toList();
    }

    /** The deliveries of a pattern when there are as many. */
    private List<JsonNode> worked(String pattern, int number) {
        await().until(() -> deliveries(pattern).size() == number);
        return deliveries(pattern);
    }

    private static void overlapInTime(List<JsonNode> deliveries) {
        List<Work> works = deliveries.stream().map(Work::of).toList();
        assertThat(works).anySatisfy(work -> assertThat(works).anyMatch(work::overlapsAnotherKey));
    }

    private List<String> bodies(String pattern) {
        return texts(pattern, "/body").toList();
    }

    private List<String> consumers(String pattern) {
        return texts(pattern, "/consumer").toList();
    }

    private List<String> reasons() {
        return texts("dead-letter", "/headers/x-death/0/reason").toList();
    }

    private List<String> attempts() {
        return deliveries("counted-retry").stream()
                .map(delivery -> delivery.get("consumer").asText() + " "
                        + delivery.at("/headers/x-retry-count").asText())
                .toList();
    }

    private Stream<String> texts(String pattern, String pointer) {
        return deliveries(pattern).stream().map(delivery -> delivery.at(pointer).asText());
    }

    private static String text(Message message) {
        assertThat(message).as("a message came").isNotNull();
        return new String(message.getBody(), UTF_8);
    }

    /** The broker closes the channel when a queue has other arguments than it is declared with. */
    private void hasArguments(String queue, Map<String, Object> arguments) {
        rabbit.execute(channel -> channel.queueDeclare(queue, true, false, false, arguments));
    }
}
