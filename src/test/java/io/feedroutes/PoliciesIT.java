package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.support.FeedTest;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.client.RedisException;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What the failure policies make of each way in which the database, the broker or Redis says that it is away. */
@FeedTest
class PoliciesIT {

    private static final List<Exception> OUTAGES = List.of(
            new DataAccessResourceFailureException("no connection"),
            // Camel also looks at the cause, which may be nearer to the policy of everything else.
            new CannotAcquireLockException("a row is locked", new SQLException("a row is locked")),
            new RecoverableDataAccessException("the connection is lost"),
            new CannotCreateTransactionException("no connection"),
            new TransactionSystemException("the connection is lost before the answer to a commit"),
            new AmqpConnectException(new Exception("no connection")),
            new RedisSystemException("the connection was reset", null),
            new RedisException("no connection"),
            new TimeoutException("no answer"),
            BulkheadFullException.createBulkheadFullException(Bulkhead.ofDefaults("full")),
            CallNotPermittedException.createCallNotPermittedException(CircuitBreaker.ofDefaults("open")));

    @Autowired
    CamelContext camel;

    @Autowired
    ProducerTemplate routes;

    static Stream<Arguments> outages() {
        return OUTAGES.stream()
                .flatMap(outage ->
                        Stream.of("batch", "one-message", "one-task").map(policy -> Arguments.of(policy, outage)));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void whatMeansThatAPartIsAwayIsWaitedFor(String policy, Exception outage) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Exchange message = send(policy, exchange -> {
            if (attempts.incrementAndGet() < 3) {
                throw outage;
            }
            exchange.getMessage().setBody("applied");
        });
        assertThat(message.getMessage().getBody(String.class)).isEqualTo("applied");
        assertThat(attempts).hasValue(3);
    }

    static Stream<Exception> refused() {
        return Stream.concat(OUTAGES.stream(), Stream.of(new AmqpException("the broker refused the message")));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aRequestIsAnsweredThatAPartIsAway(Exception outage) throws Exception {
        Exchange request = send("api", exchange -> {
            throw outage;
        });
        assertThat(request.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(503);
        assertThat(request.getMessage().getHeader("Retry-After")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"next-run, did not run", "services-are-optional, goes on"})
    @ExtendWith(OutputCaptureExtension.class)
    void whatFailsOtherwiseIsOneLineOfTheLog(String policy, String outcome, CapturedOutput log) throws Exception {
        Exchange run = send(policy, exchange -> {
            throw new AmqpException("refused");
        });
        assertThat(run.getMessage().getBody()).isEqualTo("came");
        assertThat(log).contains("policies-it %s: refused".formatted(outcome)).doesNotContain("AmqpException");
    }

    private Exchange send(String policy, Processor step) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:policies-it")
                        .routeId("policies-it")
                        .routeConfigurationId(policy)
                        .process(step);
            }
        });
        try {
            return routes.send(
                    "direct:policies-it", exchange -> exchange.getMessage().setBody("came"));
        } finally {
            camel.getRouteController().stopRoute("policies-it");
            camel.removeRoute("policies-it");
        }
    }
}
