package io.feedroutes.faults;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.feedroutes.faults.Operation.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Counts anew from the record what must be in the database and in Redis. It trusts nothing that the application says but the answers to the accounts. Each
 * violation begins with the rule that it breaks:
 *
 * <ul>
 *   <li>{@code pair}: the state of a pair is that of the last accepted operation, or of an indeterminate one after it
 *   <li>{@code counter}: likes and popularity of a video are the rows that it has, and never negative
 *   <li>{@code comment}: an accepted comment is stored once, a deleted one has no text, and no other is there
 *   <li>{@code once}: each accepted operation has moved the hot score once, an indeterminate one at most once
 *   <li>{@code redis}: the hot scores in Redis are those of the database
 *   <li>{@code answer}: no answer but 503 is a 5xx, each says when to try again, and none comes later than its time
 * </ul>
 */
final class Oracle {

    private final JdbcTemplate database;
    private final StringRedisTemplate redis;
    private final World world;
    private final List<Operation> record;
    private final Map<String, List<Operation>> subjects;
    private final List<String> violations = new ArrayList<>();

    private Oracle(JdbcTemplate database, StringRedisTemplate redis, World world, List<Operation> record) {
        this.database = database;
        this.redis = redis;
        this.world = world;
        this.record = record;
        this.subjects = record.stream().collect(groupingBy(Operation::subject, LinkedHashMap::new, toList()));
    }

    /** @return every violation of what must hold when nothing is under way any more; none when all is well */
    static List<String> violations(
            JdbcTemplate database, StringRedisTemplate redis, World world, List<Operation> record) {
        Oracle oracle = new Oracle(database, redis, world, record);
        oracle.pairsAreAsAcceptedLast();
        oracle.countersAreTheRows();
        oracle.commentsAreThereOnce();
        oracle.everyOperationCountsOnce();
        oracle.redisShowsWhatTheDatabaseHas();
        return oracle.violations;
    }

    /** @return the answers that no client should get */
    static List<String> wrongAnswers(List<Operation> record, long budgetMillis) {
        return record.stream()
                .filter(done -> done.status() >= 500 && (done.status() != 503 || !done.retryAfter())
                        || done.took() > budgetMillis)
                .map(done -> "answer: %d after %d ms, %s: %s"
                        .formatted(
                                done.status(),
                                done.took(),
                                done.retryAfter() ? "to be tried again" : "no Retry-After",
                                done))
                .toList();
    }

    private void pairsAreAsAcceptedLast() {
        Set<String> on = new HashSet<>();
        database.query(
                "SELECT CONCAT('like ', account_id, ' ', video_id) FROM likes WHERE video_id BETWEEN ? AND ?"
                        + " UNION ALL SELECT CONCAT('follow ', follower_id, ' ', vlogger_id) FROM socials WHERE follower_id >= ?",
                row -> {
                    on.add(row.getString(1));
                },
                world.firstVideo(),
                world.hotVideo(),
                world.firstAccount());
        Set<String> all = new TreeSet<>(on);
        subjects.keySet().stream()
                .filter(subject -> !subject.startsWith("comment"))
                .forEach(all::add);
        for (String pair : all) {
            int state = on.contains(pair) ? 1 : 0;
            Set<Integer> legal = legalStates(pair);
            expect(legal.contains(state), "pair: %s is %d and may be %s, of %s", pair, state, legal, told(pair));
        }
    }

    private Set<Integer> legalStates(String subject) {
        Set<Integer> legal = new TreeSet<>(Set.of(0));
        for (Operation done : subjects.getOrDefault(subject, List.of())) {
            if (done.is(Outcome.ACCEPTED)) {
                legal.clear();
            }
            if (!done.is(Outcome.REFUSED)) {
                legal.add(done.wanted());
            }
        }
        return legal;
    }

    private void countersAreTheRows() {
        database.query(
                """
                SELECT v.id, v.likes_count, v.popularity,
                       (SELECT COUNT(*) FROM likes l WHERE l.video_id = v.id) AS likes,
                       (SELECT COUNT(*) FROM comments c WHERE c.video_id = v.id AND c.deleted_at IS NULL) AS comments
                FROM videos v WHERE v.id BETWEEN ? AND ?""",
                row -> {
                    long likes = row.getLong("likes");
                    long comments = row.getLong("comments");
                    expect(
                            row.getLong("likes_count") == likes && row.getLong("popularity") == likes + comments,
                            "counter: video %d has likes_count %d and popularity %d, but %d likes and %d comments",
                            row.getLong("id"),
                            row.getLong("likes_count"),
                            row.getLong("popularity"),
                            likes,
                            comments);
                },
                world.firstVideo(),
                world.hotVideo());
    }

    private void commentsAreThereOnce() {
        Map<Long, String> texts = new HashMap<>();
        database.query(
                "SELECT id, IF(deleted_at IS NULL, content, '') FROM comments WHERE video_id BETWEEN ? AND ?",
                row -> {
                    texts.put(row.getLong(1), row.getString(2));
                },
                world.firstVideo(),
                world.hotVideo());
        Set<String> mayBeThere = new HashSet<>();
        subjects.forEach((subject, operations) -> {
            Operation publish = operations.get(0);
            if (publish.action().equals("publish") && publish.is(Outcome.INDETERMINATE)) {
                mayBeThere.add(publish.text());
            } else if (publish.action().equals("publish") && publish.is(Outcome.ACCEPTED)) {
                String text = texts.remove(publish.created());
                expect(
                        text != null
                                && legalStates(subject).contains(text.isEmpty() ? 0 : 1)
                                && (text.isEmpty() || text.equals(publish.text())),
                        "comment: number %d is '%s', of %s",
                        publish.created(),
                        text,
                        told(subject));
            }
        });
        texts.forEach((id, text) -> expect(
                mayBeThere.remove(text), "comment: number %d, '%s', was not accepted, or is there twice", id, text));
    }

    private void everyOperationCountsOnce() {
        Map<Long, Long> scores = new HashMap<>();
        database.query(
                "SELECT video_id, SUM(score) FROM popularity_minutes WHERE video_id BETWEEN ? AND ? GROUP BY video_id",
                row -> {
                    scores.put(row.getLong(1), row.getLong(2));
                },
                world.firstVideo(),
                world.hotVideo());
        Map<Long, long[]> bounds = new HashMap<>();
        record.stream()
                .filter(done -> !done.is(Outcome.REFUSED) && !done.action().endsWith("follow"))
                .forEach(done -> {
                    long video = done.action().equals("delete")
                            ? subjects.get(done.subject()).get(0).target()
                            : done.target();
                    long change = done.wanted() == 1 ? 1 : -1;
                    long[] bound = bounds.computeIfAbsent(video, none -> new long[2]);
                    bound[0] += done.is(Outcome.ACCEPTED) ? change : Math.min(0, change);
                    bound[1] += done.is(Outcome.ACCEPTED) ? change : Math.max(0, change);
                });
        scores.keySet().forEach(video -> bounds.computeIfAbsent(video, none -> new long[2]));
        bounds.forEach((video, bound) -> {
            long score = scores.getOrDefault(video, 0L);
            expect(
                    bound[0] <= score && score <= bound[1],
                    "once: video %d has a hot score of %d, and what was accepted makes %d to %d",
                    video,
                    score,
                    bound[0],
                    bound[1]);
        });
    }

    private void redisShowsWhatTheDatabaseHas() {
        Map<String, Long> stored = new HashMap<>();
        database.query(
                "SELECT DATE_FORMAT(minute, '%Y%m%d%H%i'), video_id, score FROM popularity_minutes WHERE video_id BETWEEN ? AND ?",
                row -> {
                    stored.put(row.getString(1) + " " + row.getLong(2), row.getLong(3));
                },
                world.firstVideo(),
                world.hotVideo());
        Map<String, Long> shown = new HashMap<>();
        redis.keys("hot:video:1m:2*")
                .forEach(key -> redis.opsForZSet().rangeWithScores(key, 0, -1).stream()
                        .filter(member -> Long.parseLong(member.getValue()) >= world.firstVideo())
                        .forEach(member -> shown.put(
                                key.substring("hot:video:1m:".length()) + " " + member.getValue(),
                                member.getScore().longValue())));
        Set<String> all = new TreeSet<>(stored.keySet());
        all.addAll(shown.keySet());
        all.forEach(place -> expect(
                Objects.equals(stored.get(place), shown.get(place)),
                "redis: the hot score of %s is %s and should be %s",
                place,
                shown.get(place),
                stored.get(place)));
    }

    private String told(String subject) {
        return subjects.getOrDefault(subject, List.of()).stream()
                .map(done -> "%s %d at %d".formatted(done.action(), done.status(), done.at()))
                .toList()
                .toString();
    }

    private void expect(boolean holds, String violation, Object... arguments) {
        if (!holds) {
            violations.add(violation.formatted(arguments));
        }
    }
}
