package io.feedroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.feedroutes.problem.WrongSetting;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Header;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;

/** What the contract says of a request before its route begins: who may send it, how large it may be, and whether a key makes it one with another. */
@Component
public final class Contract {

    private static final PathPatternRequestMatcher.Builder AT = PathPatternRequestMatcher.withDefaults();

    private static final String IDEMPOTENCY_KEY = "#/components/parameters/IdempotencyKey";
    private static final long ON_ITS_WAY_MILLIS = 50;

    private volatile Operations operations;
    private volatile CountDownLatch change = new CountDownLatch(0);

    /**
     * @param isPublic whether nobody asks who sends it: a client may send a token that has ended, as it does when it logs in again
     * @param isForAnybody whether a client without a token may send it; one who has a token is told more
     * @param maxBody how large its body may be, in bytes
     * @param maxFile how large the file that it uploads may be, in bytes; 0 when it is no upload
     * @param takesKey whether it has the parameter {@code Idempotency-Key}
     */
    public record Operation(boolean isPublic, boolean isForAnybody, long maxBody, long maxFile, boolean takesKey) {}

    private record Operations(
            Map<String, Operation> atOnePath, Map<RequestMatcher, Operation> atManyPaths, Operation unknown) {}

    /** @throws WrongSetting when it is not there, or not the routes: Camel alone starts with none of them, and reports that it is healthy */
    public Contract(@Value("${feed.routes-directory}/feed.openapi.yaml") Resource file) throws IOException {
        if (!file.exists() || !file.createRelative("api.camel.yaml").exists()) {
            throw new WrongSetting(
                    "FEED_ROUTES_DIRECTORY has no routes: neither %s nor api.camel.yaml beside it may be missing."
                            .formatted(file),
                    "Let it name the folder of the *.camel.yaml files, as file:<path>");
        }
        operations = operations(new YAMLMapper().readTree(file.getInputStream()));
    }

    private static Operations operations(JsonNode contract) {
        Operation unknown =
                new Operation(true, false, contract.required("x-max-body").longValue(), 0, false);
        Operation readFile = new Operation(true, true, unknown.maxBody(), 0, false);
        Map<String, Operation> atOnePath = new HashMap<>();
        Map<RequestMatcher, Operation> atManyPaths = new HashMap<>();
        contract.required("x-files").forEach(path -> atManyPaths.put(AT.matcher(path.textValue()), readFile));
        contract.required("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, described) -> {
                    Operation operation = read(described, contract);
                    if (path.contains("{")) {
                        atManyPaths.put(AT.matcher(HttpMethod.valueOf(method.toUpperCase()), path), operation);
                    } else {
                        atOnePath.put(method.toUpperCase() + " " + path, operation);
                    }
                }));
        return new Operations(atOnePath, atManyPaths, unknown);
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
                maxFile,
                operation.path("parameters").findValuesAsText("$ref").contains(IDEMPOTENCY_KEY));
    }

    /**
     * Lets requests wait while the routes change, and has the operations of another file then.
     *
     * @throws Exception of the change; the operations stay as they are
     */
    public void change(Contract next, Callable<?> routes) throws Exception {
        change = new CountDownLatch(1);
        try {
            // What came before is on its way to its route.
            Thread.sleep(ON_ITS_WAY_MILLIS);
            routes.call();
            operations = next.operations;
        } finally {
            change.countDown();
        }
    }

    /** Returns when no change is under way. */
    public void await() {
        try {
            change.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether a request is for an operation or a file of the contract */
    public boolean knows(HttpServletRequest request) {
        Operation operation = operation(request);
        return operation.isForAnybody() || !operation.isPublic();
    }

    /** @return whether a request has its effect once, however often it comes with the same key */
    public boolean takesKey(@Header("CamelHttpServletRequest") HttpServletRequest request) {
        return operation(request).takesKey();
    }

    /** @return what is said of a request; of one that the contract does not have, that nobody asks who sends it, and nobody may */
    public Operation operation(HttpServletRequest request) {
        Operations now = operations;
        Operation operation = now.atOnePath.get(request.getMethod() + " " + request.getRequestURI());
        return operation != null
                ? operation
                : now.atManyPaths.entrySet().stream()
                        .filter(path -> path.getKey().matches(request))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(now.unknown);
    }
}
