package io.feedroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.feedroutes.problem.WrongSetting;
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

    private static final PathPatternRequestMatcher.Builder AT = PathPatternRequestMatcher.withDefaults();

    private final Map<String, Operation> atOnePath = new HashMap<>();
    private final Map<RequestMatcher, Operation> atManyPaths = new HashMap<>();
    private final Operation unknown;

    /**
     * @param isPublic whether nobody asks who sends it: a client may send a token that has ended, as it does when it logs in again
     * @param isForAnybody whether a client without a token may send it; one who has a token is told more
     * @param maxBody how large its body may be, in bytes
     * @param maxFile how large the file that it uploads may be, in bytes; 0 when it is no upload
     */
    public record Operation(boolean isPublic, boolean isForAnybody, long maxBody, long maxFile) {}

    /** @throws WrongSetting when it is not there, or not the routes: Camel alone starts with none of them, and reports that it is healthy */
    Contract(@Value("${feed.routes-directory}/feed.openapi.yaml") Resource file) throws IOException {
        if (!file.exists() || !file.createRelative("api.camel.yaml").exists()) {
            throw new WrongSetting(
                    "FEED_ROUTES_DIRECTORY has no routes: neither %s nor api.camel.yaml beside it may be missing."
                            .formatted(file),
                    "Let it name the folder of the *.camel.yaml files, as file:<path>");
        }
        JsonNode contract = new YAMLMapper().readTree(file.getInputStream());
        unknown = new Operation(true, false, contract.required("x-max-body").longValue(), 0);
        Operation readFile = new Operation(true, true, unknown.maxBody(), 0);
        contract.required("x-files").forEach(path -> atManyPaths.put(AT.matcher(path.textValue()), readFile));
        contract.required("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry(
                        (method, operation) -> add(method.toUpperCase(), path, read(operation, contract))));
    }

    private static Operation read(JsonNode operation, JsonNode contract) {
        JsonNode security = operation.has("security") ? operation.get("security") : contract.required("security");
        long maxFile = operation
                .at("/requestBody/content/multipart~1form-data/schema/properties/file/maxLength")
                .longValue();
        return new Operation(
                security.isEmpty(),
                security.isEmpty() || security.valueStream().anyMatch(JsonNode::isEmpty),
                contract.required("x-max-body").longValue() + maxFile,
                maxFile);
    }

    private void add(String method, String path, Operation operation) {
        if (path.contains("{")) {
            atManyPaths.put(AT.matcher(HttpMethod.valueOf(method), path), operation);
        } else {
            atOnePath.put(method + " " + path, operation);
        }
    }

    /** @return whether a request is for an operation or a file of the contract */
    public boolean knows(HttpServletRequest request) {
        return operation(request) != unknown;
    }

    /** @return what is said of a request; of one that the contract does not have, that nobody asks who sends it, and nobody may */
    public Operation operation(HttpServletRequest request) {
        Operation operation = atOnePath.get(request.getMethod() + " " + request.getRequestURI());
        return operation != null
                ? operation
                : atManyPaths.entrySet().stream()
                        .filter(path -> path.getKey().matches(request))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(unknown);
    }
}
