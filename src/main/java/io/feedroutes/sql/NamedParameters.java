package io.feedroutes.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.component.sql.SqlPrepareStatementStrategy;
import org.apache.camel.spi.Language;

/**
 * Reads the parameters of a statement, {@code :#${…}} with an expression of the language simple, when it is first used. Camel's own strategy searches the
 * text four times for each use, and evaluates each parameter twice.
 */
final class NamedParameters implements SqlPrepareStatementStrategy {

    /** Camel has replaced {@code #} by {@code ?} before. */
    private static final Pattern PARAMETER = Pattern.compile(":[?](\\$\\{[^}]+})");

    private final CamelContext camel;
    private final Map<String, Statement> statements = new ConcurrentHashMap<>();

    NamedParameters(CamelContext camel) {
        this.camel = camel;
    }

    private record Statement(String text, List<Expression> parameters) {}

    private Statement statement(String sql) {
        return statements.computeIfAbsent(sql, this::read);
    }

    private Statement read(String sql) {
        Language simple = camel.resolveLanguage("simple");
        return new Statement(
                PARAMETER.matcher(sql).replaceAll("?"),
                PARAMETER
                        .matcher(sql)
                        .results()
                        .map(parameter -> simple.createExpression(parameter.group(1)))
                        .peek(expression -> expression.init(camel))
                        .toList());
    }

    @Override
    public String prepareQuery(String sql, boolean allowNamedParameters, Exchange exchange) {
        return statement(sql).text();
    }

    @Override
    public Iterator<?> createPopulateIterator(
            String sql, String preparedQuery, int expectedParams, Exchange exchange, Object value) {
        return statement(sql).parameters().stream()
                .map(parameter -> parameter.evaluate(exchange, Object.class))
                .iterator();
    }

    @Override
    public void populateStatement(PreparedStatement statement, Iterator<?> values, int expectedParams)
            throws SQLException {
        for (int i = 1; values.hasNext(); i++) {
            statement.setObject(i, values.next());
        }
    }
}
