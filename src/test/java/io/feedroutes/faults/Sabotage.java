package io.feedroutes.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.util.FileSystemUtils;

/**
 * A build with a fault of its own, which the oracle must see: without that it is worth nothing.
 *
 * @param what is wrong with it
 * @param fault the case that shows it
 * @param rule what the oracle must find violated
 * @param edits of the files of the application
 * @param preparation what is done before it starts
 */
record Sabotage(String what, String fault, String rule, List<Edit> edits, Consumer<Stage> preparation) {

    /** The application as it is. */
    static final Sabotage NONE = new Sabotage("sound", null, null, List.of(), stage -> {});

    private static final String CONSUMER =
            "uri: rabbit-batch:like.events\n      parameters:\n        queues: like.events\n      steps:";

    /** @param from what stands there, once */
    record Edit(String file, String from, String to) {}

    private static Sabotage of(String what, String fault, String rule, Edit... edits) {
        return new Sabotage(what, fault, rule, List.of(edits), stage -> {});
    }

    static Stream<Sabotage> all() {
        return Stream.of(
                of(
                        "no duplicate guard",
                        "F25",
                        "once",
                        new Edit(
                                "sql/popularity/apply-events.sql",
                                "SELECT e.event_id, e.video_id,",
                                "SELECT REPLACE(UUID(), '-', ''), e.video_id,")),
                new Sabotage("queues not durable", "F4", "pair", List.of(), Sabotage::declareVolatileQueues),
                of(
                        "automatic acknowledgement",
                        "F2",
                        "pair",
                        new Edit(
                                "routes/like.camel.yaml",
                                CONSUMER,
                                CONSUMER.replace("rabbit-batch", "spring-rabbitmq")
                                                .replace("steps", "  acknowledgeMode: NONE\n      steps")
                                        + "\n        - setBody: { expression: { simple: { expression: '[${body}]' } } }")),
                of(
                        "order check off",
                        "F25",
                        "pair",
                        new Edit(
                                "sql/like/apply-events.sql",
                                "IF(VALUES(changed_at) > like_states.changed_at, VALUES(liked), like_states.liked)",
                                "VALUES(liked)")),
                of(
                        "raw ZINCRBY",
                        "F25",
                        "redis",
                        new Edit(
                                "redis/project-hot-scores.lua",
                                "if redis.call('ZADD', revisions, 'GT', 'CH', row.revision, video) == 1 then",
                                "do"),
                        new Edit(
                                "redis/project-hot-scores.lua",
                                "redis.call('ZADD', scores",
                                "redis.call('ZINCRBY', scores"),
                        new Edit(
                                "sql/popularity/list-scores-of-events.sql",
                                "'score', m.score",
                                "'score', touched.score"),
                        new Edit(
                                "sql/popularity/list-scores-of-events.sql",
                                "SELECT DISTINCT p.minute, p.video_id",
                                "SELECT p.minute, p.video_id, SUM(p.amount) AS score"),
                        new Edit(
                                "sql/popularity/list-scores-of-events.sql",
                                ") AS touched",
                                " GROUP BY p.minute, p.video_id) AS touched"),
                        new Edit("sql/popularity/list-scores-changed-since.sql", "LIMIT 2000", "LIMIT 0")),
                of(
                        "asynchronous consumer",
                        "F2",
                        "pair",
                        new Edit(
                                "routes/like.camel.yaml",
                                CONSUMER,
                                CONSUMER.replace("steps", "  asyncConsumer: true\n      steps")
                                        + "\n        - threads: { poolSize: 4 }")),
                of(
                        "fallback with a new event id",
                        "F8",
                        "once",
                        new Edit("routes/like.camel.yaml", "onFallback:\n              steps:", """
                                onFallback:
                                              steps:
                                                - setVariable:
                                                    name: like_event
                                                    expression:
                                                      simple:
                                                        expression: ${map('event_id',${exchangeId},'action',${variable.action},'user_id',${variable.account_id},'video_id',${variable.video_id},'occurred_at',${variable.occurred_at},'popularity_event_id',${exchangeId})}""")),
                of(
                        "dead-letter channel that swallows its own failure",
                        "F6",
                        "dead",
                        new Edit(
                                "routes/reliability.camel.yaml",
                                "direct:retry-message\n        deadLetterHandleNewException: false",
                                "direct:retry-message\n        deadLetterHandleNewException: true"),
                        new Edit(
                                "routes/parking.camel.yaml",
                                "parks it after its last attempt\n    group: parking\n    routeConfigurationId: until-done",
                                "parks it after its last attempt\n    group: parking")));
    }

    /** All of them, when all faults are played; none, or {@code sabotages}, or one by its name. */
    static Stream<Sabotage> selected() {
        String wanted = System.getProperty("faults", "all");
        List<String> names = List.of(wanted.split(","));
        return all().filter(sabotage -> Set.of("all", "sabotages").contains(wanted) || names.contains(sabotage.what()));
    }

    /** A queue that is there with other arguments is used as it is. */
    private static void declareVolatileQueues(Stage stage) {
        AmqpAdmin admin = new RabbitAdmin(stage.broker);
        for (String queue : List.of("like.events", "comment.events", "social.events")) {
            admin.deleteQueue(queue);
            admin.declareQueue(QueueBuilder.nonDurable(queue).build());
        }
    }

    String name() {
        return what.replace(' ', '-');
    }

    /** @return a folder of the class path with the edited files and all routes; null for none */
    Path write(Path directory) throws IOException {
        if (edits.isEmpty()) {
            return null;
        }
        Path home = directory.resolve(name());
        FileSystemUtils.deleteRecursively(home);
        FileSystemUtils.copyRecursively(Path.of("target/classes/routes"), home.resolve("routes"));
        edits.forEach(edit -> edit(home, edit));
        return home;
    }

    private static void edit(Path home, Edit edit) {
        try {
            Path file = home.resolve(edit.file());
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.copy(Path.of("target/classes").resolve(edit.file()), file);
            }
            String text = Files.readString(file);
            if (text.split(java.util.regex.Pattern.quote(edit.from()), -1).length != 2) {
                throw new IllegalStateException(edit.file() + " has not once: " + edit.from());
            }
            Files.writeString(file, text.replace(edit.from(), edit.to()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return what;
    }
}
