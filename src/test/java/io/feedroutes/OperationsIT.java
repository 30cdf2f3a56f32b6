package io.feedroutes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Broker;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedServices;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Nodes;
import io.feedroutes.support.Operator;
import io.feedroutes.support.TcpProxy;
import io.feedroutes.support.Video;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;

/** What an operator sees and may do on the management port, and what nobody else may. */
@FeedTest
class OperationsIT {

    private static final String CONTEXT = "org.apache.camel:context=feed,type=context,name=\"feed\"";

    @Autowired
    Feed feed;

    @Autowired
    Broker broker;

    @Autowired
    ObjectMapper json;

    @Autowired
    Operator ops;

    @LocalManagementPort
    int port;

    @Value("${feed.operator-password}")
    String password;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void anybodyReadsThatAllIsWell() throws Exception {
        assertThat(component("db")).isEqualTo("UP");
        assertThat(component("rabbit")).isEqualTo("UP");
        assertThat(component("redis")).isEqualTo("UP");
    }

    static Stream<Arguments> parts() {
        return Stream.of(
                part("rabbit", FeedServices::broker, TcpProxy::down),
                part("db", FeedServices::database, TcpProxy::down),
                part("redis", FeedServices::redis, TcpProxy::down),
                part("rabbit", FeedServices::broker, TcpProxy::silent),
                part("db", FeedServices::database, TcpProxy::silent),
                part("redis", FeedServices::redis, TcpProxy::silent));
    }

    private static Arguments part(String name, Function<FeedServices, TcpProxy> way, Consumer<TcpProxy> outage) {
        return Arguments.of(name, way, outage);
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("parts")
    void healthNamesThePartThatIsAway(String part, Function<FeedServices, TcpProxy> way, Consumer<TcpProxy> outage)
            throws Exception {
        TcpProxy proxy = way.apply(FeedServices.get());
        outage.accept(proxy);
        // A broker that falls silent is missed by its heartbeats: two of five seconds.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(component(part)).isEqualTo("DOWN"));
        for (String other : List.of("rabbit", "db", "redis")) {
            assertThat(component(other)).isEqualTo(other.equals(part) ? "DOWN" : "UP");
        }
        proxy.up();
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(component(part)).isEqualTo("UP"));
    }

    @Test
    void aDeadLetterDegradesHealthAndIsInTheGaugeUntilItIsGone(@Autowired AmqpAdmin admin) throws Exception {
        List<String> queues = Stream.of(get("prometheus", "").body().split("\n"))
                .filter(line -> line.startsWith("feed_dead_letters{"))
                .map(line -> line.replaceAll(".*queue=\"(.*?)\".*", "$1"))
                .toList();
        assertThat(queues).contains("like.events.dlq");
        queues.forEach(queue -> admin.purgeQueue(queue));
        await().untilAsserted(() -> assertThat(component("queues")).isEqualTo("UP"));
        broker.publish("", "like.events.dlq", "a dead letter");
        await().untilAsserted(() -> assertThat(component("queues")).isEqualTo("DEGRADED"));
        assertThat(get("health", "").statusCode()).isEqualTo(200);
        assertThat(tree(get("health", "")).get("status").asText()).isEqualTo("DEGRADED");
        assertThat(tree(get("health/readiness", "")).get("status").asText()).isEqualTo("UP");
        assertThat(tree(get("health", operator()))
                        .at("/components/queues/details/like.events.dlq")
                        .asInt())
                .isEqualTo(1);
        assertThat(get("prometheus", "").body())
                .containsPattern("feed_dead_letters\\{[^}]*queue=\"like.events.dlq\"[^}]*} 1[.]0");
        admin.purgeQueue("like.events.dlq");
        await().untilAsserted(() -> assertThat(component("queues")).isEqualTo("UP"));
        assertThat(get("prometheus", "").body())
                .containsPattern("feed_dead_letters\\{[^}]*queue=\"like.events.dlq\"[^}]*} 0[.]0");
    }

    @Test
    void onlyTheOperatorReadsTheDetails() throws Exception {
        assertThat(tree(get("health", "")).at("/components/db/details").isMissingNode())
                .isTrue();
        assertThat(tree(get("health", operator()))
                        .at("/components/db/details/database")
                        .asText())
                .isEqualTo("MariaDB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/info",
                "/hawtio",
                "/hawtio/index.html",
                "/jolokia",
                "/hawtio/jolokia/version",
                "/env",
                "/dead-letters",
                "/dead-letters/1"
            })
    void whatElseThereIsNeedsTheOperator(String path) throws Exception {
        Account alice = feed.someone();
        assertThat(get(path, "").statusCode()).isEqualTo(401);
        assertThat(get(path, "Bearer " + alice.token()).statusCode()).isEqualTo(401);
        assertThat(get(path, basic(alice.name(), "a password")).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dead-letters/replay/1", "/dead-letters/discard/1"})
    void nobodyElseReplaysOrDiscards(String path) throws Exception {
        for (String authorization : List.of("", "Bearer " + feed.someone().token())) {
            HttpResponse<String> answer = send(request(path, authorization)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}")));
            assertThat(answer.statusCode()).isIn(401, 403);
        }
    }

    @Test
    void theOperatorIsNobodyInTheApi() {
        assertThat(feed.post("/like/isLiked", "{\"video_id\":1}", Map.of("Authorization", operator()))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void itSaysWhatItIsMadeOf() {
        assertThat(ops.get("/actuator/sbom/application").isOk().json().findValuesAsText("purl"))
                .anyMatch(part -> part.startsWith("pkg:maven/org.apache.camel/camel-core"))
                .noneMatch(part -> part.contains("junit"));
    }

    @Test
    void theOperatorOpensHawtio() throws Exception {
        assertThat(get("/hawtio/index.html", operator()).body()).contains("hawtio");
    }

    @Test
    void aRouteSaysWhatItIsForAndHowMuchItHasDone() throws Exception {
        feed.someone().likes(feed.someVideo()).isOk();
        JsonNode route =
                jolokia(Map.of("type", "read", "mbean", route("like-like"))).path("value");
        assertThat(route.path("Description").asText()).isNotBlank();
        assertThat(route.path("ExchangesCompleted").asInt()).isPositive();
        assertThat(get("prometheus", "").body())
                .containsPattern("camel_exchanges_total\\{[^}]*routeId=\"like-like\"[^}]*} [1-9]");
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void likesWaitWhileTheOperatorHasStoppedTheirRouteAndTheLogSaysWhoHas(CapturedOutput log) throws Exception {
        Video video = feed.someVideo();
        assertThat(exec(route("like-apply"), "stop()").path("status").asInt()).isEqualTo(200);
        try {
            feed.someone().likes(video).isOk();
            await().untilAsserted(() -> assertThat(broker.depth("like.events")).isEqualTo(1));
            assertThat(video.likesCount()).isZero();
            assertThat(log).contains("ops calls stop() of \"like-apply\"");
        } finally {
            exec(route("like-apply"), "start()");
        }
        await().untilAsserted(() -> assertThat(video.likesCount()).isEqualTo(1));
    }

    static Stream<Map<String, Object>> forbidden() {
        String route = route("like-apply");
        return Stream.of(
                Map.of("type", "exec", "mbean", route, "operation", "suspend()"),
                Map.of("type", "exec", "mbean", route, "operation", "remove()"),
                Map.of("type", "exec", "mbean", route, "operation", "stop(long)", "arguments", List.of(1)),
                Map.of("type", "write", "mbean", route, "attribute", "Tracing", "value", true),
                Map.of("type", "exec", "mbean", CONTEXT, "operation", "stop()"),
                Map.of(
                        "type",
                        "exec",
                        "mbean",
                        CONTEXT,
                        "operation",
                        "sendBody(java.lang.String,java.lang.Object)",
                        "arguments",
                        List.of("direct:health-check", "")),
                Map.of("type", "exec", "mbean", "java.lang:type=Memory", "operation", "gc"),
                Map.of("type", "exec", "mbean", "com.sun.management:type=DiagnosticCommand", "operation", "vmFlags"),
                Map.of("type", "read", "mbean", "java.lang:type=Runtime", "attribute", "SystemProperties"),
                Map.of("type", "read", "mbean", "java.lang:type=Runtime", "attribute", "InputArguments"));
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    void nothingElseIsAllowedThroughJolokia(Map<String, Object> forbidden) throws Exception {
        assertThat(jolokia(forbidden).path("status").asInt()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jolokia/exec/org.apache.camel:context=feed,name=%22like-apply%22,type=routes/stop()",
                "/jolokia?p=exec/org.apache.camel:context=feed,name=%22like-apply%22,type=routes/stop()",
                "/hawtio/jolokia/exec/org.apache.camel:context=feed,name=%22like-apply%22,type=routes/stop()",
                "/jolokia/read/java.lang:type=Memory?callback=steal",
                "/jolokia/version?callback=steal",
                "/jolokia/config",
                "/jolokia/notification/register"
            })
    void jolokiaTakesNoOtherMethodThanPost(String path) throws Exception {
        assertThat(get(path, operator()).statusCode()).isEqualTo(403);
        assertThat(send(request(path, operator()).method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(tree(send(request("/jolokia", operator())
                                .POST(BodyPublishers.ofString(
                                        "{\"type\":\"read\",\"mbean\":\"%s\",\"attribute\":\"State\"}"
                                                .formatted(route("like-apply").replace("\"", "\\\""))))))
                        .path("value")
                        .asText())
                .isEqualTo("Started");
    }

    @Test
    void aGroupOfRoutesIsStoppedAndStarted() throws Exception {
        String group = route("like").replace("type=routes", "type=routegroups");
        assertThat(exec(group, "start()").path("status").asInt()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/info", "/actuator/hawtio/index.html", "/ops/index.html"})
    void aViewerLooksAtWhatThereIs(String path) {
        ops.viewer().get(path).isOk();
        Answer health = ops.viewer().get("/actuator/health").isOk();
        assertThat(health.json().at("/components/db/details/database").asText()).isEqualTo("MariaDB");
        assertThat(asViewer("read", Map.of("attribute", "State"))).isEqualTo(200);
    }

    @Test
    void aViewerSeesTheDiagramOfTheRoutes() {
        assertThat(ops.viewer()
                        .post(
                                "/actuator/jolokia",
                                Map.of("type", "exec", "mbean", CONTEXT, "operation", "dumpRoutesAsXml()"))
                        .isOk()
                        .json()
                        .path("value")
                        .asText())
                .contains("like-apply");
    }

    @Test
    void aViewerStopsNothing() {
        assertThat(asViewer("exec", Map.of("operation", "stop()"))).isEqualTo(403);
        assertThat(asViewer("exec", Map.of("operation", "start()"))).isEqualTo(403);
    }

    @Test
    void thereIsNoViewerWithoutAPasswordForOne(@Autowired Nodes nodes) throws Exception {
        try {
            var node = nodes.start("feed.role=api", "feed.viewer-password=");
            port = node.getEnvironment().getProperty("local.management.port", Integer.class);
            assertThat(get("/info", basic("viewer", "")).statusCode()).isEqualTo(401);
        } finally {
            nodes.stopAll();
        }
    }

    private int asViewer(String type, Map<String, Object> what) {
        Map<String, Object> request = new HashMap<>(what);
        request.putAll(Map.of("type", type, "mbean", route("like-apply")));
        return ops.viewer()
                .post("/actuator/jolokia", request)
                .isOk()
                .json()
                .path("status")
                .asInt();
    }

    @Test
    void aViewerReadsNoDeadLetterAndSettlesNone() {
        for (String path : List.of("/actuator/dead-letters", "/actuator/dead-letters/1")) {
            assertThat(ops.viewer().get(path).status()).isEqualTo(403);
        }
        assertThat(ops.viewer().asks("replay", 1, null).status()).isEqualTo(403);
        assertThat(ops.viewer().asks("discard", 1, null).status()).isEqualTo(403);
    }

    @Test
    void noOtherOriginIsAllowedAnything() throws Exception {
        for (String origin :
                List.of("http://evil.example", "http://localhost:1", "https://localhost:" + port, "null")) {
            HttpResponse<String> answer = send(request("/jolokia", operator())
                    .header("Origin", origin)
                    .POST(BodyPublishers.ofString("{\"type\":\"version\"}")));
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
        HttpResponse<String> own = send(request("/jolokia", operator())
                .header("Origin", "http://localhost:" + port)
                .POST(BodyPublishers.ofString("{\"type\":\"version\"}")));
        assertThat(tree(own).path("status").asInt()).isEqualTo(200);
    }

    @Test
    void aSessionNeedsItsCsrfTokenWhateverElseIsSent() throws Exception {
        HttpResponse<String> page = send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/login")));
        String csrf = cookie(page, "XSRF-TOKEN");
        HttpResponse<String> login = send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/login"))
                .header("Cookie", "XSRF-TOKEN=" + csrf)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=ops&password=%s&_csrf=%s".formatted(password, csrf))));
        String session = "JSESSIONID=" + cookie(login, "JSESSIONID");
        assertThat(version(session).statusCode()).isEqualTo(403);
        assertThat(version(session, "Authorization", "x").statusCode()).isEqualTo(403);
        assertThat(version(session, "Authorization", operator()).statusCode()).isEqualTo(403);
        assertThat(version(session + "; XSRF-TOKEN=a", "X-XSRF-TOKEN", "a").statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<String> version(String cookies, String... headers) throws Exception {
        HttpRequest.Builder request = request("/jolokia", "").header("Cookie", cookies);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.POST(BodyPublishers.ofString("{\"type\":\"version\"}")));
    }

    private static String cookie(HttpResponse<String> answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .map(cookie -> cookie.substring(name.length() + 1, cookie.indexOf(';')))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private String component(String name) throws Exception {
        HttpResponse<String> health = get("health", "");
        assertThat(health.statusCode()).isIn(200, 503);
        return tree(health).at("/components/" + name + "/status").asText();
    }

    private JsonNode exec(String mbean, String operation) throws Exception {
        return jolokia(Map.of("type", "exec", "mbean", mbean, "operation", operation));
    }

    private JsonNode jolokia(Map<String, Object> request) throws Exception {
        return tree(send(request("/jolokia", operator())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(request)))));
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        return send(request(path.isEmpty() || path.startsWith("/") ? path : "/" + path, authorization));
    }

    private HttpRequest.Builder request(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/actuator" + path))
                .timeout(Duration.ofSeconds(10));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode tree(HttpResponse<String> answer) throws IOException {
        return json.readTree(answer.body());
    }

    private String operator() {
        return basic("ops", password);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    private static String route(String id) {
        return "org.apache.camel:context=feed,type=routes,name=\"" + id + "\"";
    }
}
