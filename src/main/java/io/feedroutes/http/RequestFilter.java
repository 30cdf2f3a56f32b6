package io.feedroutes.http;

import io.feedroutes.contract.Contract;
import io.feedroutes.contract.Contract.Operation;
import io.feedroutes.problem.ProblemResponses;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body that is larger than the contract allows before it is read: Tomcat limits the size of forms only. Takes every other body for JSON, but that of
 * an upload: the Go system never looks at the type, and some of its clients send none.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestFilter extends OncePerRequestFilter {

    private final Contract contract;
    private final ProblemResponses problems;

    RequestFilter(Contract contract, ProblemResponses problems) {
        this.contract = contract;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Operation operation = contract.operation(request);
        long limit = operation.maxBody();
        if (request.getContentLengthLong() > limit) {
            problems.write(
                    response, HttpStatus.PAYLOAD_TOO_LARGE, "the body is larger than %d KiB".formatted(limit / 1024));
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            problems.write(response, HttpStatus.LENGTH_REQUIRED, "the request has no Content-Length");
        } else {
            chain.doFilter(operation.maxFile() > 0 ? request : json(request), response);
        }
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
