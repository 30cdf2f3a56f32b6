package io.feedroutes.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;

/** {@code ops} on the management port, at work with dead letters, or {@code viewer}. */
@TestComponent
public final class Operator {

    private final ObjectMapper json;
    private final Environment node;
    private final Feed management;
    final String name;
    final String password;
    private final Map<String, String> credentials;

    @Autowired
    Operator(ObjectMapper json, Environment node) {
        this(json, node, "ops", "feed.operator-password");
    }

    private Operator(ObjectMapper json, Environment node, String name, String password) {
        this.json = json;
        this.node = node;
        this.management = new Feed(json, node, "local.management.port");
        this.name = name;
        this.password = node.getRequiredProperty(password);
        HttpHeaders headers = new HttpHeaders();
        headers.setBasicAuth(name, this.password);
        this.credentials = headers.toSingleValueMap();
    }

    /** Somebody who may look and do nothing. */
    public Operator viewer() {
        return new Operator(json, node, "viewer", "feed.viewer-password");
    }

    /** What a path of the management port answers. */
    public Answer get(String path) {
        return management.get(path, credentials);
    }

    /** What a path of the management port answers to JSON. */
    public Answer post(String path, Object body) {
        return management.post(path, body, credentials);
    }

    URI uri(String path) {
        return management.uri(path);
    }

    /** The same at another node. */
    public static Operator at(Environment node) {
        return new Operator(new ObjectMapper(), node);
    }

    /** The dead letters that there are, by their cause, and the operations of the past. */
    public JsonNode list() {
        return get("/actuator/dead-letters").isOk().json();
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
        return get("/actuator/dead-letters/" + selection);
    }

    /** Asks for what is parked until a time to be replayed or discarded; for one dead letter the time may be null. */
    public Answer asks(String action, Object selection, String until) {
        return post(
                "/actuator/dead-letters/" + action + "/" + selection, until == null ? "{}" : Map.of("until", until));
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
