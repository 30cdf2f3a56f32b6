package io.feedroutes.sql;

import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Spreads a row that a statement has found. An expression that looks into a row copies the whole exchange, once for each column. */
@Component("row")
public final class Row {

    /** Sets a variable for each column, of its name; removes those that are NULL. Without a row nothing changes. */
    public void toVariables(@Body Map<String, Object> columns, Exchange exchange) {
        if (columns != null) {
            columns.forEach(exchange::setVariable);
        }
    }
}
