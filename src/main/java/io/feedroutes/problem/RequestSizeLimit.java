package io.feedroutes.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses a body of more than 64 KiB before it is read; Tomcat limits the size of forms only. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestSizeLimit extends OncePerRequestFilter {

    private static final DataSize LIMIT = DataSize.ofKilobytes(64);

    private final ProblemResponses problems;

    RequestSizeLimit(ProblemResponses problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > LIMIT.toBytes()) {
            problems.write(response, HttpStatus.PAYLOAD_TOO_LARGE, "the body is larger than 64 KiB");
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            problems.write(response, HttpStatus.LENGTH_REQUIRED, "the request has no Content-Length");
        } else {
            chain.doFilter(request, response);
        }
    }
}
