package io.feedroutes.reload;

import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultResourceLoader;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.stereotype.Component;

/** Camel finds {@code classpath:sql/like/find-pair.sql} as {@code sql/like/find-pair.sql} beside the routes, and in the class path when it is not there. */
@Component
final class ResourcesBesideRoutes implements CamelContextConfiguration {

    private static final String CLASSPATH = "classpath:";

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        camel.getCamelContextExtension().addContextPlugin(ResourceLoader.class, new DefaultResourceLoader(camel) {
            @Override
            public Resource resolveResource(String uri) {
                if (uri.startsWith(CLASSPATH)) {
                    Resource beside =
                            super.resolveResource(camel.resolvePropertyPlaceholders("{{feed.routes-directory}}/")
                                    + uri.substring(CLASSPATH.length()));
                    if (beside.exists()) {
                        return beside;
                    }
                }
                return super.resolveResource(uri);
            }
        });
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {}
}
