package io.feedroutes.http;

import io.feedroutes.contract.Contract;
import io.feedroutes.contract.Contract.Operation;
import io.feedroutes.problem.ProblemResponses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.apache.camel.AggregationStrategy;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.web.embedded.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers with 503 until the routes are up, and while the node works on as many requests as it may: Tomcat bounds its threads, but no virtual ones, which fill the heap.
 * Refuses a body that is larger than the contract allows before it is read: Tomcat limits the size of forms only.
 * Takes every other body for JSON, but that of an upload: the Go system never looks at the type, and some of its clients send none.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestFilter extends OncePerRequestFilter {

    private final Contract contract;
    private final ProblemResponses problems;
    private final ApplicationAvailability node;
    private final Semaphore places;
    private final Counter refused;

    RequestFilter(
            Contract contract,
            ProblemResponses problems,
            ApplicationAvailability node,
            @Value("${server.tomcat.threads.max}") int maxRequests,
            MeterRegistry meters) {
        this.contract = contract;
        this.problems = problems;
        this.node = node;
        this.places = new Semaphore(maxRequests);
        this.refused = meters.counter("feed.requests.refused");
    }

    /** Outside of the heap, which thousands of connections would fill. */
    @Bean
    static TomcatConnectorCustomizer buffersOutsideTheHeap() {
        return connector -> connector.setProperty("socket.directBuffer", "true");
    }

    /** What an operation answers a request with a key. That it was a refusal, and how it came about, is over. */
    @Bean
    static AggregationStrategy answer() {
        return (request, operation) -> {
            request.setMessage(operation.getMessage());
            return request;
        };
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!places.tryAcquire()) {
            refused.increment();
            comeAgain(response, "the service has too much to do, please try again");
            return;
        }
        try {
            admit(request, response, chain);
        } finally {
            places.release();
        }
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        contract.await();
        Operation operation = contract.operation(request);
        long limit = operation.maxBody();
        if (node.getLivenessState() == LivenessState.BROKEN) {
            comeAgain(response, "the service starts, please try again");
        } else if (request.getContentLengthLong() > limit) {
            problems.write(
                    response, HttpStatus.PAYLOAD_TOO_LARGE, "the body is larger than %d KiB".formatted(limit / 1024));
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            problems.write(response, HttpStatus.LENGTH_REQUIRED, "the request has no Content-Length");
        } else {
            chain.doFilter(operation.maxFile() > 0 ? request : json(request), response);
        }
    }

    private void comeAgain(HttpServletResponse response, String why) throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        problems.write(response, HttpStatus.SERVICE_UNAVAILABLE, why);
    }

    private static HttpServletRequest json(HttpServletRequest request) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public String getContentType() {
                return MediaType.APPLICATION_JSON_VALUE;
            }
        };
    }
}
