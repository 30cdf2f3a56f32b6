package io.feedroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.feedroutes.support.Account;
import io.feedroutes.support.Answer;
import io.feedroutes.support.Edits;
import io.feedroutes.support.Feed;
import io.feedroutes.support.FeedTest;
import io.feedroutes.support.Nodes;
import io.feedroutes.support.Operator;
import io.feedroutes.support.Video;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.util.ReflectionTestUtils;

/** What becomes of an edit in the folder of the routes: each row of {@code docs/hot-reload.md}, and all of them while requests come. */
@FeedTest
@TestPropertySource(
        properties = {
            "feed.routes-reload=true",
            "feed.routes-directory=file:" + Edits.FOLDER,
            // If Redis does not answer in time, the database decides alone. It may be behind: 409.
            "spring.data.redis.timeout=10s"
        })
@DirtiesContext
class HotReloadIT {

    private static final Edits EDITS = Edits.ofACopy();

    private static final String HELLO = """
            - route:
                id: like-hello
                from:
                  uri: direct:like-hello
                  steps:
                    - to:
                        uri: direct:open-request
                    - setBody:
                        expression:
                          constant:
                            expression: hello
            """;
    private static final String HELLO_IN_XML = """
            <routes>
              <route id="like-hello">
                <from uri="direct:like-hello"/>
                <to uri="direct:open-request"/>
                <setBody><constant>hello from XML</constant></setBody>
              </route>
            </routes>
            """;
    private static final String PATHS = "paths:\n";
    private static final String OPERATION = PATHS + """
              /like/hello:
                get:
                  operationId: like-hello
                  security: []
                  responses:
                    "200": { $ref: "#/components/responses/Ok" }
            """;

    @Autowired
    Feed feed;

    @Autowired
    Operator operator;

    @Autowired
    CamelContext camel;

    @AfterEach
    void takeTheEditsBack(@Autowired Nodes nodes) {
        nodes.stopAll();
        EDITS.takeBack();
        eventually().untilAsserted(() -> {
            assertThat(operator.wrongRoutes()).isEmpty();
            assertThat(health()).contains("\"ok\"");
            feed.get("/like/hello").isRefused(404, "");
        });
    }

    @Test
    void anEditedRouteIsLive() {
        EDITS.replace("api.camel.yaml", "'status','ok'", "'status','well'");
        eventually().untilAsserted(() -> assertThat(health()).contains("well"));
    }

    @Test
    void aNewOperationWithItsRouteIsLiveInYamlAndInXmlAndInASubFolder() {
        EDITS.write("hello.camel.yaml", HELLO);
        EDITS.replace("feed.openapi.yaml", PATHS, OPERATION);
        eventually()
                .untilAsserted(
                        () -> assertThat(feed.get("/like/hello").isOk().text()).isEqualTo("hello"));
        EDITS.delete("hello.camel.yaml");
        EDITS.write("more/hello.camel.xml", HELLO_IN_XML);
        eventually()
                .untilAsserted(
                        () -> assertThat(feed.get("/like/hello").isOk().text()).isEqualTo("hello from XML"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "patterns"})
    void aNodeThatStartsHasWhatWasAdded(String profile, @Autowired Nodes nodes) {
        EDITS.write("more/hello.camel.xml", HELLO_IN_XML);
        EDITS.write("more/.hidden/hello.camel.xml", HELLO_IN_XML);
        EDITS.write("more/.hello.camel.xml", HELLO_IN_XML);
        EDITS.replace("feed.openapi.yaml", PATHS, OPERATION);
        Environment node = nodes.start(
                        "feed.routes-directory=file:" + Edits.FOLDER, "spring.profiles.active=" + profile)
                .getEnvironment();
        feed.at(node).get("/like/hello").isOk();
    }

    @Test
    void aRouteOfADeletedFileEndsWhenNobodyCallsIt() {
        EDITS.write("hello.camel.yaml", HELLO);
        eventually().until(() -> camel.getRoute("like-hello") != null);
        EDITS.delete("hello.camel.yaml");
        eventually().until(() -> camel.getRouteController().getRouteStatus("like-hello") == null);
    }

    @Test
    void aRouteThatIsCalledIsNotDeleted() {
        EDITS.delete("problem.camel.yaml");
        eventually()
                .untilAsserted(() -> assertThat(operator.wrongRoutes())
                        .anyMatch(line ->
                                line.matches("reliability.camel.yaml:\\d+: no route starts from direct:problem;.*")));
        feed.post("/like/like", "{}").isRefused(401, "");
    }

    @Test
    void aRenamedRouteAnswersAtTheSamePath() {
        EDITS.replace("api.camel.yaml", "id: health-check", "id: health-look");
        eventually().until(() -> camel.getRoute("health-look") != null && camel.getRoute("health-check") == null);
        assertThat(health()).contains("ok");
    }

    @Test
    void aRenamedPathAnswersAndTheOldOneDoesNot() {
        EDITS.replace("feed.openapi.yaml", "  /healthz:", "  /health:");
        eventually().untilAsserted(() -> {
            feed.get("/health").isOk();
            feed.get("/healthz").isRefused(404, "");
        });
    }

    @Test
    void theContractSaysWhoMayCall() {
        EDITS.replace("feed.openapi.yaml", "      summary: Says that the server answers\n      security: []\n", "");
        eventually().untilAsserted(() -> feed.get("/healthz").isRefused(401, "missing"));
    }

    @Test
    void aPolicyIsThatOfAllRoutesThatNameIt() {
        EDITS.replace("reliability.camel.yaml", "expression: 500 internal error", "expression: 500 very internal");
        EDITS.replace(
                "api.camel.yaml",
                "uri: direct:open-request",
                "uri: direct:open-request\n        - throwException:\n            exceptionType: java.lang.IllegalStateException\n            message: for a test");
        eventually().untilAsserted(() -> feed.get("/healthz").isRefused(500, "very internal"));
    }

    @Test
    void aStatementBesideTheRoutesIsThatOfTheRoutesThatNameIt() {
        Account alice = feed.someone();
        EDITS.write(
                "sql/account/find-account.sql",
                Edits.resource("sql/account/find-account.sql").replaceFirst("SELECT ", "SELECT 1 AS edited, "));
        eventually()
                .untilAsserted(() -> assertThat(feed.post("/account/findByID", Map.of("id", alice.id()))
                                .isOk()
                                .json())
                        .anyMatch(column -> column.asText().equals("1")));
    }

    @Test
    void aSchemaBesideTheRoutesIsThatOfTheRoutesThatNameIt() {
        Account alice = feed.someone();
        EDITS.replace("schemas/liked-video.schema.json", "\"video_id\"", "\"film_id\"");
        eventually().untilAsserted(() -> alice.likes(feed.someVideo()).isRefused(400, ""));
    }

    @Test
    void ofSeveralFilesOneOfWhichIsBrokenNoneIsTaken() {
        EDITS.write("second.camel.yaml", HELLO.replace("setBody", "setBodi"));
        EDITS.replace("api.camel.yaml", "'status','ok'", "'status','well'");
        eventually()
                .untilAsserted(() -> assertThat(operator.wrongRoutes())
                        .containsExactly(
                                "second.camel.yaml:8: Unknown node id: setBodi; correct this line, or the one above"));
        assertThat(health()).contains("ok");
    }

    @Test
    void aRouteThatAnOperatorHasStoppedStaysStopped() throws Exception {
        camel.getRouteController().stopRoute("like-apply");
        EDITS.replace("like.camel.yaml", "Takes likes and unlikes", "Takes the likes and unlikes");
        eventually().until(() -> isEdited("like-apply"));
        assertThat(camel.getRouteController().getRouteStatus("like-apply")).isEqualTo(ServiceStatus.Stopped);
        camel.getRouteController().startRoute("like-apply");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            like.camel.yaml     | uri: direct:like-accept      | uri direct:like-accept       | like.camel.yaml:
            like.camel.yaml     | outputType                   | outputTyp                    | like.camel.yaml:100: there is no option 'outputTyp'; write one of
            like.camel.yaml     | ref: callers                 | ref: caller                  | like.camel.yaml:77: there is no bean 'caller'; write one of
            like.camel.yaml     | uri: direct:limit-request    | uri: exec:ls                 | like.camel.yaml:
            like.camel.yaml     | id: like-unlike              | id: like-like                | like.camel.yaml:
            like.camel.yaml     | routeConfigurationId: batch  | routeConfigurationId: none   | like.camel.yaml:
            like.camel.yaml     | feed.rate-limit.like-write   | feed.rate-limit.nobody       | like.camel.yaml:
            like.camel.yaml     | sql/like/find-pair.sql       | sql/like/find-pairs.sql      | like.camel.yaml:
            feed.openapi.yaml   | operationId: like-like       | operationId: like-love       | feed.openapi.yaml:
            """)
    void aBrokenFileChangesNothingAndIsNamed(String file, String text, String by, String finding) {
        EDITS.replace(file, text, by);
        eventually().untilAsserted(() -> assertThat(operator.wrongRoutes()).anyMatch(line -> line.startsWith(finding)));
        assertThat(operator.metric("feed_routes_wrong")).anyMatch(line -> line.contains("file=\"" + file));
        feed.someone().likes(feed.someVideo()).isOk();
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "700"})
    void aFileThatIsHalfWrittenIsNotTaken(int length) {
        EDITS.cut("like.camel.yaml", length);
        eventually().untilAsserted(() -> assertThat(operator.wrongRoutes()).isNotEmpty());
        feed.someone().likes(feed.someVideo()).isOk();
        EDITS.takeBack();
        eventually().untilAsserted(() -> assertThat(operator.wrongRoutes()).isEmpty());
    }

    /** Its blocks are saved as it says, and its test is run. */
    @Test
    void theGuideAddsAnOperationAndARouteInXml(@TempDir Path compiled) throws Exception {
        Path story = EDITS.follow(Path.of("docs/add-a-route.md"), compiled);
        eventually()
                .untilAsserted(() -> assertThat(feed.get("/stats/likes")
                                .isOk()
                                .json()
                                .get("likes")
                                .asLong())
                        .isNotNegative());
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                "" + compiled,
                                "" + story))
                .isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {compiled.toUri().toURL()})) {
            Class<?> type = loader.loadClass("io.feedroutes.LikeCountIT");
            Object test = BeanUtils.instantiateClass(type);
            ReflectionTestUtils.setField(test, "feed", feed);
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    ReflectionTestUtils.invokeMethod(test, method.getName());
                }
            }
        }
    }

    /** A hundred requests come each second. An edit is saved when the one before has shown, so that this is not about how fast the machine is. */
    @Test
    void whileRequestsComeNoneFailsEachGoodEditIsLiveAndEachBadOneIsNamed() throws Exception {
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(10);
        Liker liker = new Liker(feed);
        List<String> refused = new CopyOnWriteArrayList<>();
        clients.scheduleAtFixedRate(liker, 0, 100, TimeUnit.MILLISECONDS);
        for (int client = 0; client < 9; client++) {
            clients.scheduleAtFixedRate(() -> note(() -> feed.get("/healthz"), refused), 0, 100, TimeUnit.MILLISECONDS);
        }
        try {
            EDITS.replace("api.camel.yaml", "'status','ok'", "'status','one'");
            eventually().untilAsserted(() -> assertThat(health()).contains("one"));
            bad("like.camel.yaml", "uri: direct:like-accept", "uri direct:like-accept");
            bad("like.camel.yaml", "outputType", "outputTyp");

            EDITS.write("hello.camel.yaml", HELLO);
            EDITS.replace("feed.openapi.yaml", PATHS, OPERATION);
            eventually().untilAsserted(() -> assertThat(hello("hello")).isEqualTo("hello"));
            bad("request.camel.yaml", "ref: callers", "ref: caller");
            bad("like.camel.yaml", "uri: direct:limit-request", "uri: exec:ls");

            EDITS.replace("hello.camel.yaml", "expression: hello", "expression: good day");
            eventually().untilAsserted(() -> assertThat(hello("hello")).isEqualTo("good day"));
            bad("like.camel.yaml", "id: like-unlike", "id: like-like");
            bad("reliability.camel.yaml", "direct:problem", "direct:problems");

            EDITS.write("more/hello.camel.xml", HELLO_IN_XML);
            EDITS.delete("hello.camel.yaml");
            eventually().untilAsserted(() -> assertThat(hello("hello")).isEqualTo("hello from XML"));
            bad("feed.openapi.yaml", "operationId: like-like", "operationId: like-love");
            bad("like.camel.yaml", "sql/like/find-pair.sql", "sql/like/find-pairs.sql");

            EDITS.replace("reliability.camel.yaml", "username already exists", "username is taken");
            Account alice = feed.someone();
            eventually()
                    .untilAsserted(() -> feed.post(
                                    "/account/register", Map.of("username", alice.name(), "password", alice.password()))
                            .isRefused(409, "username is taken"));
            bad("like.camel.yaml", "feed.rate-limit.like-write", "feed.rate-limit.nobody");
            bad("like.camel.yaml", "routeConfigurationId: batch", "routeConfigurationId: none");

            EDITS.replace("feed.openapi.yaml", "/like/hello:", "/like/hi:");
            eventually().untilAsserted(() -> assertThat(hello("hi")).isEqualTo("hello from XML"));
            EDITS.replace("more/hello.camel.xml", "route id=\"like-hello\"", "route id=\"like-hi\"");
            eventually().until(() -> camel.getRoute("like-hi") != null && camel.getRoute("like-hello") == null);
            EDITS.replace("like.camel.yaml", "Takes likes and unlikes", "Takes the likes and unlikes");
            eventually().until(() -> isEdited("like-apply"));
            EDITS.takeBack();
            eventually().untilAsserted(() -> feed.get("/like/hi").isRefused(404, ""));
        } finally {
            clients.shutdown();
            clients.awaitTermination(1, TimeUnit.MINUTES);
        }
        assertThat(refused).isEmpty();
        assertThat(liker.refused).isEmpty();
        eventually()
                .untilAsserted(() -> assertThat(liker.video.totals()).isEqualTo(Video.totalsOf(liker.likes ? 1 : 0)));
    }

    /** Likes and unlikes a video, one after the other. */
    private static final class Liker implements Runnable {

        private final Account account;
        private final Video video;
        private final List<String> refused = new CopyOnWriteArrayList<>();
        private volatile boolean likes;

        Liker(Feed feed) {
            account = feed.someone();
            video = feed.someVideo();
        }

        @Override
        public void run() {
            note(() -> likes ? account.unlikes(video) : account.likes(video), refused);
            likes = !likes;
        }
    }

    private static void note(Supplier<Answer> request, List<String> refused) {
        try {
            Answer answer = request.get();
            if (answer.status() != 200) {
                refused.add(answer.status() + " " + answer.text());
            }
        } catch (RuntimeException e) {
            refused.add(e.toString());
        }
    }

    private void bad(String file, String text, String by) {
        String before = EDITS.replace(file, text, by);
        eventually()
                .untilAsserted(
                        () -> assertThat(operator.wrongRoutes()).anyMatch(finding -> finding.startsWith(file + ":")));
        EDITS.write(file, before);
    }

    private boolean isEdited(String id) {
        Route route = camel.getRoute(id);
        return route != null && route.getDescription().startsWith("Takes the");
    }

    private String hello(String path) {
        return feed.get("/like/" + path).isOk().text();
    }

    private String health() {
        return feed.get("/healthz").text();
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(2));
    }
}
