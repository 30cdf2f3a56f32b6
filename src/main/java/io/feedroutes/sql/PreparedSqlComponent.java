package io.feedroutes.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.component.sql.SqlPrepareStatementStrategy;
import org.springframework.context.annotation.Scope;
import org.springframework.jdbc.support.SQLErrorCodesFactory;
import org.springframework.stereotype.Component;

/**
 * The component {@code sql}. The parameters of a statement are {@code :#${…}}, with an expression of the language simple, and are read when it is first
 * used: Camel would search the text four times for each use, and evaluate each parameter twice.
 */
@Component("sql")
@Scope("prototype") // each Camel context has its own
final class PreparedSqlComponent extends SqlComponent implements SqlPrepareStatementStrategy {

    /** Camel has replaced {@code #} by {@code ?} before. */
    private static final Pattern PARAMETER = Pattern.compile(":[?](\\$\\{[^}]+})");

    private final Map<String, Statement> statements = new ConcurrentHashMap<>();

    PreparedSqlComponent(CamelContext camel, DataSource database) {
        super(camel);
        setDataSource(database);
        // Spring would ask the database who it is when it first fails, one request after the other.
        SQLErrorCodesFactory.getInstance().registerDatabase(database, "MySQL");
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) throws Exception {
        SqlEndpoint endpoint = (SqlEndpoint) super.createEndpoint(uri, remaining, options);
        endpoint.setPrepareStatementStrategy(this);
        // Any number but 0 keeps Camel from asking the database, which knows no better than the statement.
        endpoint.setParametersCount(1);
        return endpoint;
    }

    private record Statement(String text, List<Expression> parameters) {}

    private Statement statement(String sql) {
        return statements.computeIfAbsent(
                sql,
                read -> new Statement(
                        PARAMETER.matcher(read).replaceAll("?"),
                        PARAMETER.matcher(read).results().map(this::expression).toList()));
    }

    private Expression expression(MatchResult parameter) {
        Expression expression = getCamelContext().resolveLanguage("simple").createExpression(parameter.group(1));
        expression.init(getCamelContext());
        return expression;
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
