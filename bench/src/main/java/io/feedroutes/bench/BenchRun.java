package io.feedroutes.bench;

import io.feedroutes.bench.Contestant.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Measures the contestants in interleaved rounds; round 0 warms up and does not count. */
final class BenchRun {

    private static final long SETTLE_MILLIS = 1_500;
    private static final int READ_VIDEOS = 10_000;
    private static final int READ_ACCOUNTS = 200;
    private static final Duration WARM_UP_LIMIT = Duration.ofMinutes(3);

    private final Settings settings;
    private final Report report = new Report();

    private BenchRun(Settings settings) {
        this.settings = settings;
    }

    /** Runs {@code start}, {@code rest}, {@code reads}, {@code drain} or {@code all}: 0 if all was right, 1 if an answer or a count was wrong, 2 if it broke off. */
    static int exitCode(String[] args) {
        try {
            var run = new BenchRun(Settings.fromEnvironment());
            run.run(args.length == 0 ? "all" : args[0]);
            return run.report.allRight() ? 0 : 1;
        } catch (Exception e) {
            e.printStackTrace();
            return 2;
        }
    }

    private void run(String part) throws Exception {
        if (!List.of("start", "rest", "reads", "drain", "all").contains(part)) {
            throw new IllegalArgumentException("start, rest, reads, drain or all, not " + part);
        }
        report.title(settings, Cache.clear(settings));
        if (List.of("start", "all").contains(part) && !settings.withoutApplication()) {
            start();
        }
        if (List.of("rest", "all").contains(part)) {
            rest();
        }
        if (List.of("reads", "all").contains(part) && !settings.withoutApplication()) {
            reads();
        }
        if (List.of("drain", "all").contains(part)) {
            drain();
        }
    }

    /** Each round starts each contestant anew: after the start come the first seconds, a warm-up, and as many warm seconds. */
    private void start() throws Exception {
        report.section("Start: until GET /healthz is answered, then POST /like/like at %d connections, in the first %d s and warm"
                .formatted(settings.connections(), settings.restRound().toSeconds()));
        try (var contestants = new Contestants()) {
            contestants.start("start-jar", Kind.APPLICATION_WHOLE, 1);
            contestants.start("start-trained", Kind.APPLICATION_TRAINED, 1);
            var loads = new LinkedHashMap<Contestant, Likes>();
            for (var contestant : contestants.all) {
                contestant.awaitRest();
                contestant.database.seedAccounts(settings.restAccounts());
                loads.put(contestant, new Likes(contestant.database.seedVideos(settings.restVideos(), "start").ids));
                contestant.stop();
            }
            for (int round = 1; round <= settings.rounds(); round++) {
                for (var contestant : contestants.inTurn(round)) {
                    Thread.sleep(SETTLE_MILLIS);
                    Cache.clear(settings); // the other contestant has liked videos of the same ids
                    var likes = loads.get(contestant);
                    var started = contestant.restart();
                    var startCpu = contestant.cpu();
                    var first = RestLoad.run(
                            contestant.port, settings.connections(), settings.restRound(), Integer.MAX_VALUE, likes);
                    var firstCpu = contestant.cpu().minus(startCpu);
                    RestLoad.run(
                            contestant.port, settings.connections(), WARM_UP_LIMIT, settings.restWarmUpRequests(), likes);
                    var warm = RestLoad.run(
                            contestant.port, settings.connections(), settings.restRound(), Integer.MAX_VALUE, likes);
                    report.start(round, contestant, started, startCpu, first, firstCpu, warm);
                    contestant.stop();
                    contestant.broker.purge();
                }
            }
        }
        report.startSummary();
    }

    private void rest() throws Exception {
        report.section("REST: POST /like/like, %d connections, every request a new like by one of %d tokens"
                .formatted(settings.connections(), settings.restAccounts()));
        try (var contestants = new Contestants()) {
            if (!settings.withoutApplication()) {
                contestants.start("rest-app", Kind.APPLICATION, 0);
            }
            contestants.start("rest-peer", Kind.PEER_REST, 0);
            var loads = new LinkedHashMap<Contestant, Likes>();
            for (var contestant : contestants.all) {
                contestant.awaitRest();
                contestant.database.seedAccounts(settings.restAccounts());
                loads.put(contestant, new Likes(contestant.database.seedVideos(settings.restVideos(), "rest").ids));
            }
            for (int round = 0; round <= settings.rounds(); round++) {
                for (var contestant : contestants.inTurn(round)) {
                    Thread.sleep(SETTLE_MILLIS);
                    var duration = round == 0 ? WARM_UP_LIMIT : settings.restRound();
                    int limit = round == 0 ? settings.restWarmUpRequests() : Integer.MAX_VALUE;
                    var cpu = contestant.cpu();
                    var result = RestLoad.run(
                            contestant.port, settings.connections(), duration, limit, loads.get(contestant));
                    report.rest(round, contestant, result, contestant.cpu().minus(cpu), contestant.broker.purge());
                }
            }
        }
        report.restSummary();
    }

    private void reads() throws Exception {
        report.section("Reads: %d connections, %,d videos, about %,d likes"
                .formatted(settings.connections(), READ_VIDEOS, READ_VIDEOS * READ_ACCOUNTS / 2));
        try (var contestants = new Contestants()) {
            var application = contestants.start("reads-app", Kind.APPLICATION_WHOLE, 1);
            application.awaitRest();
            application.database.seedAccounts(READ_ACCOUNTS);
            var videos = application.database.seedVideos(READ_VIDEOS, "reads").ids;
            application.database.seedLikes(READ_ACCOUNTS);
            application.database.seedHotScores();
            Cache.awaitKey(settings, "hot:video:shown-until");
            var random = new Random(1);
            var token = Tokens.of(1);
            var reads = new LinkedHashMap<String, Supplier<byte[]>>();
            reads.put("listLatest", () -> RestLoad.post("/feed/listLatest", token, "{\"limit\":10}"));
            reads.put("listByPopularity", () -> RestLoad.post("/feed/listByPopularity", token, "{\"limit\":10}"));
            reads.put("getDetail", () -> RestLoad.post(
                    "/video/getDetail", token, "{\"id\":" + videos.get(random.nextInt(videos.size())) + "}"));
            for (int round = 0; round <= settings.rounds(); round++) {
                for (var read : reads.entrySet()) {
                    Thread.sleep(SETTLE_MILLIS);
                    var cpu = application.cpu();
                    var result = RestLoad.run(
                            application.port, settings.connections(), settings.restRound(), Integer.MAX_VALUE, read.getValue());
                    report.read(round, read.getKey(), result, application.cpu().minus(cpu));
                }
            }
        }
        report.readSummary();
    }

    private void drain() throws Exception {
        report.section("Drain: %,d likes by %d accounts on %d videos from a full queue into SQL; the peers take %d per batch, the application what it takes by default"
                .formatted(settings.drainEvents(), settings.drainAccounts(), settings.drainVideos(), settings.batchSize()));
        try (var contestants = new Contestants()) {
            for (int consumers : List.of(1, 4)) {
                if (!settings.withoutApplication()) {
                    contestants.start("app-" + consumers, Kind.APPLICATION, consumers).awaitConsumer();
                }
                contestants.start("event-" + consumers, Kind.PEER_EVENT, consumers).awaitConsumer();
                contestants.start("batch-" + consumers, Kind.PEER_BATCH, consumers).awaitConsumer();
            }
            contestants.start("loop-1", Kind.BARE_LOOP, 1).awaitConsumer();
            for (var contestant : contestants.all) {
                contestant.database.seedAccounts(settings.drainAccounts());
            }
            for (int round = 0; round <= settings.rounds(); round++) {
                for (var contestant : contestants.inTurn(round)) {
                    int accounts = round == 0 && contestant.kind == Kind.PEER_EVENT
                            ? settings.drainAccounts() * 2 / 5 // as many transactions are warm enough, and it is slow
                            : settings.drainAccounts();
                    report.drain(round, contestant, Drain.measure(contestant, round, accounts, settings, SETTLE_MILLIS));
                }
            }
        }
        report.drainSummary();
    }

    /** The contestants of one part, all up for as long as it takes. */
    private final class Contestants implements AutoCloseable {

        private final List<Contestant> all = new ArrayList<>();

        /** The part before has left states of likes with the same ids. */
        Contestants() {
            Cache.clear(settings);
        }

        Contestant start(String name, Kind kind, int consumers) throws Exception {
            var contestant = new Contestant(name, kind, consumers, settings);
            if (all.isEmpty()) {
                report.versions(contestant);
            }
            all.add(contestant);
            return contestant;
        }

        /** All of them; each round begins with another one. */
        List<Contestant> inTurn(int round) {
            var turn = new ArrayList<>(all);
            Collections.rotate(turn, -round);
            return turn;
        }

        @Override
        public void close() throws Exception {
            for (var contestant : all) {
                contestant.close();
            }
        }
    }

    /** Requests that like every (account, video) pair once, neighbours by different accounts on different videos. */
    private final class Likes implements Supplier<byte[]> {

        private final List<Long> videos;
        private final List<String> tokens = new ArrayList<>();
        private long next;

        Likes(List<Long> videos) {
            this.videos = videos;
            for (int account = 1; account <= settings.restAccounts(); account++) {
                tokens.add(Tokens.of(account));
            }
        }

        @Override
        public byte[] get() {
            long number = next++;
            int account = (int) (number % tokens.size());
            long lap = number / tokens.size();
            if (lap >= videos.size()) {
                throw new IllegalStateException("every account has liked every video: raise BENCH_REST_ACCOUNTS");
            }
            var video = videos.get((int) ((lap + account) % videos.size()));
            return RestLoad.post("/like/like", tokens.get(account), "{\"video_id\":" + video + "}");
        }
    }
}
