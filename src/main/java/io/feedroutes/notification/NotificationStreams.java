package io.feedroutes.notification;

import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Variable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import reactor.core.publisher.Flux;

/**
 * Answers {@code GET /notification/stream}, for Camel's platform-http cannot stream, and hands the readers who are connected to this node what routes
 * have for them. Who may read, and what was missed, is the route's to say.
 */
@RestController("notificationStreams")
@ConditionalOnExpression("'${feed.role}' != 'worker'")
public final class NotificationStreams {

    private static final int MOST_OF_AN_ACCOUNT = 12;
    /** Each takes about 100 KB. */
    private static final int MOST = (int) (Runtime.getRuntime().maxMemory() >> 19);

    /** The oldest is the first. */
    private final List<NotificationReader> readers = new CopyOnWriteArrayList<>();

    private final ProducerTemplate routes;
    private final ObjectMapper json;

    /** The contract has the stream, too, and Camel, whose order is -1, would answer it with what its route ends with. */
    NotificationStreams(
            ProducerTemplate routes, ObjectMapper json, RequestMappingHandlerMapping requestMappingHandlerMapping) {
        this.routes = routes;
        this.json = json;
        requestMappingHandlerMapping.setOrder(-2);
    }

    @GetMapping(path = "/notification/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> open(
            @AuthenticationPrincipal Jwt token,
            @RequestHeader(name = "Last-Event-ID", required = false) Long lastEventId,
            HttpServletResponse response)
            throws IOException {
        NotificationReader reader = new NotificationReader(token, lastEventId);
        readers.add(reader);
        Message answer = routes.request(
                        "direct:notification-stream",
                        exchange -> exchange.getMessage().setBody(List.of(reader)))
                .getMessage();
        Integer refused = answer.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (refused == null) {
            endOldest(readers.stream(), MOST);
            endOldest(readers.stream().filter(other -> other.accountId == reader.accountId), MOST_OF_AN_ACCOUNT);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
            return reader.events()
                    .take(Duration.between(Instant.now(), token.getExpiresAt()))
                    .doFinally(end -> readers.remove(reader));
        }
        readers.remove(reader);
        response.setStatus(refused);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setHeader(HttpHeaders.RETRY_AFTER, answer.getHeader(HttpHeaders.RETRY_AFTER, String.class));
        response.getOutputStream().write(answer.getBody(byte[].class));
        return null;
    }

    private static void endOldest(Stream<NotificationReader> readers, int most) {
        List<NotificationReader> all = readers.toList();
        all.subList(0, Math.max(0, all.size() - most)).forEach(NotificationReader::end);
    }

    /** Hands the notifications of messages from {@code notification.live} to their recipients. */
    public void tell(@Body List<?> messages) {
        Map<Long, List<JsonNode>> told = json.valueToTree(messages).findParents("recipient_id").stream()
                .collect(groupingBy(
                        notification -> notification.get("recipient_id").asLong()));
        readers.forEach(reader -> told.getOrDefault(reader.accountId, List.of()).forEach(reader::tell));
    }

    /** @return the readers to look for what was missed; all were sent a sign of life */
    public List<NotificationReader> keepAlive() {
        return readers.stream().filter(NotificationReader::keepAlive).toList();
    }

    /**
     * Hands readers what they have missed, and ends the streams of those whom the database does not know any more.
     *
     * @param asked the readers who were looked for
     * @param rows what {@code list-missed.sql} says of them; {@code reader} is a place in {@code asked}, from 1
     */
    public void catchUp(@Variable("readers") List<NotificationReader> asked, @Body List<?> rows) {
        Map<Integer, List<ObjectNode>> missed = rows.stream()
                .map(json::<ObjectNode>valueToTree)
                .collect(groupingBy(row -> row.get("reader").asInt()));
        for (int place = 1; place <= asked.size(); place++) {
            asked.get(place - 1).catchUp(missed.getOrDefault(place, List.of()));
        }
    }

    /**
     * Readiness is off already: new requests are answered until others have had the time to see it. Then the streams end; otherwise the server would wait
     * for the readers to leave before it stops.
     */
    @EventListener
    void endAll(ContextClosedEvent stop) throws InterruptedException {
        ApplicationContext node = stop.getApplicationContext();
        if (node.getParent() == null) {
            Thread.sleep(node.getEnvironment()
                    .getRequiredProperty("feed.stop-pause", Duration.class)
                    .toMillis());
        }
        readers.forEach(NotificationReader::end);
    }
}
