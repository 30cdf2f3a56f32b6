package io.feedroutes.faults;

import static org.awaitility.Awaitility.await;

import io.feedroutes.faults.Operation.Outcome;
import io.feedroutes.support.ExtractedApplication;
import io.feedroutes.support.ServiceSettings;
import io.feedroutes.support.ServiceSettings.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Where a case is played: the servers, the nodes, the load, and what the script of a fault does with them. */
final class Stage implements AutoCloseable {

    /** How long a case may take until nothing is under way any more. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration PATIENCE_OF_REDIS = Duration.ofSeconds(20);
    private static final Duration A_MOMENT = Duration.ofSeconds(30);
    /** How much more of everything a node may have after a fault: threads of requests and connections stay for a minute. */
    private static final int SLACK = 100;

    static final List<String> EXCHANGES =
            List.of("like.events", "comment.events", "social.events", "video.popularity.events");
    private static final List<String> DEAD_LETTERS =
            EXCHANGES.stream().map(queue -> queue + ".dlq").toList();
    private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(3);

    final Servers servers;
    /** As the administrator of the database. */
    final JdbcTemplate database;

    final StringRedisTemplate redis;
    final RabbitTemplate broker;
    final List<Node> nodes = new ArrayList<>();
    Random random;
    World world;
    private final Path directory;
    private final Path application;
    /** What a JVM has learned in a first start, which makes all others faster. */
    private final Path learned;

    private Fault nodesOf;
    private Sabotage sabotage;
    private Set<String> poison;
    private volatile boolean isReadinessHonoured;

    Stage(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.application = directory.resolve("application");
        ExtractedApplication.extract(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), application);
        servers = new Servers(directory.resolve("servers"));
        learned = application.resolve("feed-routes.jsa");
        Node first = node(List.of("JAVA_TOOL_OPTIONS=-XX:ArchiveClassesAtExit=" + learned), null);
        first.start();
        first.stop();
        ServiceSettings direct = servers.direct();
        database = new JdbcTemplate(
                new DriverManagerDataSource(direct.toProperties().get("spring.datasource.url"), "admin", "admin"));
        Address at = direct.redis().at();
        LettuceConnectionFactory connections = new LettuceConnectionFactory(at.host(), at.port());
        connections.start();
        redis = new StringRedisTemplate(connections);
        broker = new RabbitTemplate(new CachingConnectionFactory(
                direct.broker().at().host(), direct.broker().at().port()));
    }

    /** What came of a case. */
    record Verdict(List<Operation> record, List<String> violations, long seconds) {

        long count(Outcome outcome) {
            return record.stream().filter(done -> done.is(outcome)).count();
        }
    }

    /** Load, a fault in the middle of it, its end, quiet, and the recount. */
    Verdict play(Fault fault, Sabotage sabotage, long seed) throws Exception {
        Instant begin = Instant.now();
        random = new Random(seed);
        servers.heal();
        cast(fault, sabotage);
        poison = new TreeSet<>();
        clear();
        world = World.create(database);
        List<List<Integer>> handles = nodes.stream().map(Node::handles).toList();
        List<Long> born = nodes.stream().map(Node::pid).toList();
        isReadinessHonoured = fault.honoursReadiness();
        Path record = Files.createDirectories(directory.resolve("records"))
                .resolve("%s-%s-%d.jsonl".formatted(fault.id(), sabotage.name(), seed));
        Load load = new Load(world, this::answering, seed, record);
        load.start();
        try {
            poison();
            lasts(BEFORE_AND_AFTER);
            fault.script().play(this);
            servers.heal();
            nodes.forEach(Server::heal);
            lasts(BEFORE_AND_AFTER);
        } finally {
            load.stop();
        }
        List<Operation> done = load.record();
        Set<String> parked = new TreeSet<>();
        List<String> violations = eventually(PATIENCE, this::messagesUnderWay);
        violations.addAll(eventually(A_MOMENT, () -> wrongDeadLetters(parked)));
        // Redis may be behind for a moment more, and a request whose client has gone may still be at work.
        violations.addAll(eventually(PATIENCE_OF_REDIS, () -> Oracle.violations(database, redis, world, done)));
        violations.addAll(Oracle.wrongAnswers(done, fault.budgetMillis()));
        if (fault.honoursReadiness()) {
            done.stream()
                    .filter(each -> each.status() < 200 || each.status() >= 500)
                    .forEach(each -> violations.add("answer: failed behind a balancer, " + each));
        }
        IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).pid() == born.get(i))
                .forEach(i -> leak(nodes.get(i), handles.get(i), violations));
        if (!violations.isEmpty()) {
            nodes.forEach(Server::kill);
            nodesOf = null;
        }
        Files.write(Path.of(record + ".violations"), violations);
        return new Verdict(
                done, violations, Duration.between(begin, Instant.now()).toSeconds());
    }

    /** Nodes that are still there, and are what the case needs, go on. */
    private void cast(Fault fault, Sabotage next) throws IOException {
        if (nodesOf != null
                && fault.nodes().equals(nodesOf.nodes())
                && next.equals(sabotage)
                && nodes.stream().allMatch(Server::isAtWork)) {
            return;
        }
        nodes.forEach(Server::kill);
        nodes.clear();
        next.preparation().accept(this);
        Path overlay = next.write(directory.resolve("builds"));
        for (List<String> settings : fault.nodes()) {
            List<String> all = new ArrayList<>(settings);
            all.add("JAVA_TOOL_OPTIONS=-XX:SharedArchiveFile=" + learned);
            nodes.add(node(all, overlay));
        }
        nodes.forEach(Server::start);
        nodesOf = fault;
        sabotage = next;
    }

    private Node node(List<String> settings, Path overlay) {
        return Node.of(
                directory.resolve("node-" + nodes.size()), application, overlay, servers.behindProxies(), settings);
    }

    private List<Node> answering() {
        List<Node> able = nodes.stream()
                .filter(node -> node.answersRequests && (!isReadinessHonoured || node.wasReadyLately()))
                .toList();
        return able.isEmpty() ? nodes.subList(0, 1) : able;
    }

    /** What an earlier case has left, if it failed. */
    private void clear() {
        RabbitAdmin admin = new RabbitAdmin(broker);
        EXCHANGES.forEach(admin::purgeQueue);
        DEAD_LETTERS.forEach(admin::purgeQueue);
        database.update("DELETE FROM faults.dead_letters");
    }

    /** Sends what is no event, and what the database refuses however often it is tried. */
    private void poison() {
        poison("like.events", "like.like", "{\"event_id\":");
        poison("like.events", "like.like", eventOfTheFuture());
    }

    /** Sends what cannot be applied. */
    void poison(String exchange, String routingKey, String body) {
        String id = UUID.randomUUID().toString();
        poison.add(id);
        Message message = MessageBuilder.withBody(body.getBytes())
                .setMessageId(id)
                .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                .build();
        broker.send(exchange, routingKey, message);
    }

    String eventOfTheFuture() {
        return """
                {"event_id":"%s","action":"like","user_id":%d,"video_id":%d,"occurred_at":"9999-01-01T00:00:00Z"}""".formatted(UUID.randomUUID().toString().replace("-", ""), world.firstAccount(), world.firstVideo());
    }

    /** Lets the load go on. */
    void lasts(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    void lasts(int seconds) throws InterruptedException {
        lasts(Duration.ofSeconds(seconds));
    }

    private List<String> messagesUnderWay() {
        return servers.depths().entrySet().stream()
                .filter(queue -> queue.getValue() > 0 && !DEAD_LETTERS.contains(queue.getKey()))
                .map(queue -> "queue: %d messages are in %s".formatted(queue.getValue(), queue.getKey()))
                .toList();
    }

    /** The broker may have a parked message twice, under one id. */
    private List<String> wrongDeadLetters(Set<String> parked) {
        for (String queue : DEAD_LETTERS) {
            for (Message message = broker.receive(queue); message != null; message = broker.receive(queue)) {
                parked.add(message.getMessageProperties().getMessageId());
            }
        }
        return parked.equals(poison)
                ? List.of()
                : List.of("dead: parked is %s, and poison was %s".formatted(parked, poison));
    }

    /** Asks until nothing is wrong any more, or the time is over. @return what is wrong then */
    private static List<String> eventually(Duration patience, Supplier<List<String>> wrong) {
        List<String> last = new ArrayList<>();
        try {
            await().atMost(patience).pollInSameThread().until(() -> {
                last.clear();
                last.addAll(wrong.get());
                return last.isEmpty();
            });
        } catch (ConditionTimeoutException e) {
            // What is wrong says why.
        }
        return last;
    }

    private static void leak(Node node, List<Integer> before, List<String> violations) {
        List<Integer> after = node.handles();
        for (int i = 0; i < before.size(); i++) {
            if (after.get(i) > before.get(i) + SLACK) {
                violations.add("leak: a node had %s threads and files, and has %s".formatted(before, after));
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(Server::kill);
        servers.kill();
    }
}
