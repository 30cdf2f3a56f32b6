package io.feedroutes;

import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Variable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a route in one database transaction. Camel's own {@code transacted} marks an exchange that fails as handled, so that no failure policy of
 * the routes that call it takes effect.
 */
@Component("transaction")
public final class Transaction {

    private final TransactionTemplate template;
    private final ProducerTemplate routes;

    Transaction(PlatformTransactionManager transactions, ProducerTemplate routes) {
        this.template = new TransactionTemplate(transactions);
        this.routes = routes;
    }

    /**
     * Commits when the route ends well.
     *
     * @param route its URI, {@code direct:<id>}
     * @throws RuntimeException what the route failed with; nothing that it did in the database remains
     */
    public void run(Exchange exchange, @Variable("transaction") String route) {
        template.executeWithoutResult(status -> {
            routes.send(route, exchange);
            if (exchange.getException() != null) {
                throw RuntimeCamelException.wrapRuntimeCamelException(exchange.getException());
            }
        });
    }
}
