package io.feedroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;

/** What the contract says of a request before its route begins: who may send it, and how large it may be. */
@Component
public final class Contract {

    private final Map<String, Operation> atOnePath = new HashMap<>();
    private final Map<RequestMatcher, Operation> atManyPaths = new HashMap<>();
    private final Operation unknown;
    private final long maxBody;

    private record Operation(JsonNode security, long maxFile) {}

    Contract(@Value("${feed.routes-directory}/feed.openapi.yaml") Resource file) throws IOException {
        JsonNode contract = new YAMLMapper().readTree(file.getInputStream());
        unknown = new Operation(contract.required("security"), 0);
        maxBody = contract.required("x-max-body").longValue();
        contract.required("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> add(
                                operation.getKey().toUpperCase(),
                                path.getKey(),
                                read(operation.getValue(), contract))));
    }

    private Operation read(JsonNode operation, JsonNode contract) {
        JsonNode body = operation.path("requestBody");
        JsonNode type = body.has("$ref")
                ? contract.at(body.get("$ref").textValue().substring(1)).path("content")
                : body.path("content");
        return new Operation(
                operation.has("security") ? operation.get("security") : unknown.security(),
                type.at("/multipart~1form-data/schema/properties/file/maxLength")
                        .longValue());
    }

    private void add(String method, String path, Operation operation) {
        if (path.contains("{")) {
            atManyPaths.put(
                    PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.valueOf(method), path), operation);
        } else {
            atOnePath.put(method + " " + path, operation);
        }
    }

    private Operation operation(HttpServletRequest request) {
        Operation operation = atOnePath.get(request.getMethod() + " " + request.getRequestURI());
        return operation != null
                ? operation
                : atManyPaths.entrySet().stream()
                        .filter(path -> path.getKey().matches(request))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(unknown);
    }

    /** @return whether nobody asks who sends it: a client may send a token that has ended, as it does when it logs in again */
    public boolean isPublic(HttpServletRequest request) {
        return operation(request).security().isEmpty();
    }

    /** @return whether a client without a token may send it; one who has a token is told more */
    public boolean isForAnybody(HttpServletRequest request) {
        JsonNode security = operation(request).security();
        return security.isEmpty() || security.valueStream().anyMatch(JsonNode::isEmpty);
    }

    /** @return how large its body may be, in bytes */
    public long maxBody(HttpServletRequest request) {
        return maxBody + maxFile(request);
    }

    /** @return how large the file that it uploads may be, in bytes; 0 when it is no upload */
    public long maxFile(HttpServletRequest request) {
        return operation(request).maxFile();
    }
}
