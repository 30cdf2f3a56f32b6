package io.feedroutes.sql;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import java.time.Duration;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The policy {@code transaction}: its steps are one database transaction, which is rolled back when one of them fails or asks for it. Camel's own
 * {@code transacted} marks an exchange that fails as handled, so that no failure policy of the routes that call it takes effect.
 */
@Component("transaction")
class Transaction implements Policy {

    /** With the second that the broker has to confirm a message, less than two. */
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private final TransactionTemplate template;

    Transaction(PlatformTransactionManager transactions) {
        this.template = new TransactionTemplate(transactions);
    }

    /**
     * The policy {@code long-transaction}, for steps that wait for more than the database: half of its connections stay free for others. Who finds no place in
     * time gets a {@link BulkheadFullException}.
     */
    @Bean("long-transaction")
    static Policy longTransaction(
            PlatformTransactionManager transactions,
            @Value("${spring.datasource.hikari.maximum-pool-size}") int connections) {
        Bulkhead places = Bulkhead.of(
                "long-transaction",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(connections / 2)
                        .maxWaitDuration(PATIENCE)
                        .build());
        return new Transaction(transactions) {
            @Override
            public Processor wrap(Route route, Processor steps) {
                Processor transaction = super.wrap(route, steps);
                return exchange -> places.executeCallable(() -> {
                    transaction.process(exchange);
                    return null;
                });
            }
        };
    }

    @Override
    public void beforeWrap(Route route, NamedNode policy) {
        // The steps stay as they are.
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> template.executeWithoutResult(status -> {
            try {
                steps.process(exchange);
            } catch (Exception e) {
                exchange.setException(e);
            }
            if (exchange.isFailed() || exchange.isRollbackOnly() || status.isRollbackOnly()) {
                status.setRollbackOnly();
            }
        });
    }
}
