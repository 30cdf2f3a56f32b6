package io.feedroutes.sql;

import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The policy {@code transaction}: its steps are one database transaction, which is rolled back when one of them fails or asks for it. Camel's own
 * {@code transacted} marks an exchange that fails as handled, so that no failure policy of the routes that call it takes effect.
 */
@Component("transaction")
final class Transaction implements Policy {

    private final TransactionTemplate template;

    Transaction(PlatformTransactionManager transactions) {
        this.template = new TransactionTemplate(transactions);
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
