package io.feedroutes.notification;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Answers {@code GET /notification/stream}: Camel's platform-http cannot stream. Who may read, and what was missed, is the route's to say. */
@RestController
@ConditionalOnExpression("'${feed.role}' != 'worker'")
final class NotificationStreamController {

    private final NotificationStreams streams;
    private final ProducerTemplate routes;

    NotificationStreamController(NotificationStreams streams, ProducerTemplate routes) {
        this.streams = streams;
        this.routes = routes;
    }

    /** The contract has the stream, too, and Camel would answer it with what its route ends with. Camel's own order is -1. */
    @Bean
    static BeanPostProcessor controllersBeforeRoutes() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (name.equals("requestMappingHandlerMapping")) {
                    ((RequestMappingHandlerMapping) bean).setOrder(-2);
                }
                return bean;
            }
        };
    }

    @GetMapping("/notification/stream")
    ResponseEntity<?> open(
            JwtAuthenticationToken caller, @RequestHeader(name = "Last-Event-ID", required = false) Long lastEventId) {
        Jwt token = caller.getToken();
        NotificationReader reader = streams.open(
                token.<Number>getClaim("account_id").longValue(), token.getId(), token.getExpiresAt(), lastEventId);
        Exchange answer = routes.request(
                "direct:notification-stream", exchange -> exchange.getMessage().setBody(List.of(reader.state())));
        Integer refused = answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (refused != null) {
            reader.close();
            return ResponseEntity.status(refused)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .headers(headers -> copyRetryAfter(answer, headers))
                    .body(answer.getMessage().getBody(byte[].class));
        }
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .body(reader.emitter());
    }

    private static void copyRetryAfter(Exchange answer, HttpHeaders headers) {
        String retryAfter = answer.getMessage().getHeader(HttpHeaders.RETRY_AFTER, String.class);
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, retryAfter);
        }
    }
}
