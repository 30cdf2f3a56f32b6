package io.feedroutes;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.apache.camel.spi.CamelContextCustomizer;
import org.springframework.stereotype.Component;

/**
 * Lets Camel remember that the usual bodies are no maps. Its SQL component asks so twice for each parameter of a statement, in a way that remembers
 * nothing: each time all type converters were searched, which was a quarter of the work of a list of the feed.
 */
@Component
final class KnownBodies implements CamelContextCustomizer {

    private static final List<?> BODIES =
            List.of("", new byte[0], new ReaderCache(""), new InputStreamCache(new byte[0]));

    @Override
    public void configure(CamelContext camel) {
        BODIES.forEach(body -> camel.getTypeConverter().convertTo(Map.class, body));
    }
}
