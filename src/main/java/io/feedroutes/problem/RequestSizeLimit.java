package io.feedroutes.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses a body that is too large before it is read: of more than 64 KiB, besides the file of an upload. Tomcat limits the size of forms only. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestSizeLimit extends OncePerRequestFilter {

    private static final DataSize LIMIT = DataSize.ofKilobytes(64);
    private static final Map<String, DataSize> FILES = Map.of(
            "/video/uploadVideo", DataSize.ofMegabytes(200),
            "/video/uploadCover", DataSize.ofMegabytes(10));

    private final ProblemResponses problems;

    RequestSizeLimit(ProblemResponses problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        DataSize file = FILES.getOrDefault(request.getRequestURI(), DataSize.ofBytes(0));
        DataSize limit = DataSize.ofBytes(file.toBytes() + LIMIT.toBytes());
        if (request.getContentLengthLong() > limit.toBytes()) {
            problems.write(
                    response,
                    HttpStatus.PAYLOAD_TOO_LARGE,
                    "the body is larger than %d KiB".formatted(limit.toKilobytes()));
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            problems.write(response, HttpStatus.LENGTH_REQUIRED, "the request has no Content-Length");
        } else {
            chain.doFilter(request, response);
        }
    }
}
