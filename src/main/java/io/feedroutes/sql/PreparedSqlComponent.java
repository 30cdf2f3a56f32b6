package io.feedroutes.sql;

import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.component.sql.SqlEndpoint;
import org.springframework.stereotype.Component;

/** The component {@code sql}, which looks for the parameters of a statement once, and not each time that it runs. */
@Component("sql")
final class PreparedSqlComponent extends SqlComponent {

    private final NamedParameters parameters;

    PreparedSqlComponent(CamelContext camel, DataSource database) {
        super(camel);
        setDataSource(database);
        parameters = new NamedParameters(camel);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) throws Exception {
        SqlEndpoint endpoint = (SqlEndpoint) super.createEndpoint(uri, remaining, options);
        endpoint.setPrepareStatementStrategy(parameters);
        // Any number but 0 keeps Camel from asking the database, which knows no better than the statement.
        endpoint.setParametersCount(1);
        return endpoint;
    }
}
