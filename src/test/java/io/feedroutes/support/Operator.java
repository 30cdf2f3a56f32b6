package io.feedroutes.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;

/** {@code ops} on the management port, at work with dead letters. */
@TestComponent
public final class Operator {

    private final Feed management;
    private final Map<String, String> credentials;

    Operator(ObjectMapper json, Environment node) {
        this.management = new Feed(json, node, "local.management.port");
        HttpHeaders headers = new HttpHeaders();
        headers.setBasicAuth("ops", node.getRequiredProperty("feed.operator-password"));
        this.credentials = headers.toSingleValueMap();
    }

    /** The same at another node. */
    public static Operator at(Environment node) {
        return new Operator(new ObjectMapper(), node);
    }

    /** The dead letters that there are, by their cause, and the operations of the past. */
    public JsonNode list() {
        return management.get("/actuator/dead-letters", credentials).isOk().json();
    }

    /** The only cause of a queue's dead letters; missing when it has none. */
    public JsonNode causeIn(String queue) {
        return StreamSupport.stream(list().get("causes").spliterator(), false)
                .filter(cause -> cause.get("queue").asText().equals(queue))
                .reduce((one, other) -> {
                    throw new AssertionError(one + " and " + other);
                })
                .orElse(MissingNode.getInstance());
    }

    /** A dead letter, or those of a cause. */
    public Answer show(Object selection) {
        return management.get("/actuator/dead-letters/" + selection, credentials);
    }

    /** Asks for what is parked until a time to be replayed or discarded; for one dead letter the time may be null. */
    public Answer asks(String action, Object selection, String until) {
        return management.post(
                "/actuator/dead-letters/" + action + "/" + selection,
                until == null ? "{}" : Map.of("until", until),
                credentials);
    }

    /** What health says is wrong in the folder of the routes. */
    public List<String> wrongRoutes() {
        JsonNode wrong = management.get("/actuator/health", credentials).json().at("/components/routes/details/wrong");
        return StreamSupport.stream(wrong.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** The lines of a metric. */
    public List<String> metric(String name) {
        return management
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .toList();
    }

    /** What became of an operation. */
    public JsonNode operation(long id) {
        return StreamSupport.stream(list().get("operations").spliterator(), false)
                .filter(operation -> operation.get("operation").asLong() == id)
                .findFirst()
                .orElseThrow();
    }
}
