package io.feedroutes.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Routes a request on the thread that it came on, a virtual one where there are any. Camel's own engine hands it to another thread, which costs
 * a second pass through the filters and the dispatcher, and on a JVM without virtual threads serves eight requests at a time.
 */
@Component("platform-http-engine")
final class RequestThreadEngine extends SpringBootPlatformHttpEngine {

    RequestThreadEngine(@Value("${server.port}") int port) {
        super(port);
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new SpringBootPlatformHttpConsumer(endpoint, processor, Runnable::run) {
            /** @return null: with a future Spring MVC would dispatch the request once more, although it is answered */
            @Override
            public CompletableFuture<Void> service(HttpServletRequest request, HttpServletResponse response) {
                super.service(request, response).join();
                return null;
            }
        };
    }
}
