package io.feedroutes.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints each round as it ends, then medians and ratios side by side. */
final class Report {

    /** What one contestant did in the counted rounds, in their order. */
    private record Series(List<Double> rates, List<Double> times, List<Double> cpu) {

        Series() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void add(double rate, double time, double cpu) {
            this.rates.add(rate);
            this.times.add(time);
            this.cpu.add(cpu);
        }
    }

    private final Map<String, Series> series = new LinkedHashMap<>();
    private boolean allRight = true;

    /** Whether every answer and every count was right so far. */
    boolean allRight() {
        return allRight;
    }

    void title(Settings settings, String redis) {
        print(
                "JDK %s (%s), %d cores, -Xmx%s, %d database connections each, Redis %s%n",
                Runtime.version(), System.getProperty("java.vendor"), Runtime.getRuntime().availableProcessors(),
                settings.heap(), settings.poolSize(), redis);
    }

    /** Begins a part of the run. */
    void section(String title) {
        series.clear();
        print("%n%s%n", title);
    }

    void versions(Contestant contestant) throws Exception {
        print("RabbitMQ %s, database %s%n", contestant.broker.version(), contestant.database.version());
    }

    /** One start, the load in the first seconds after it, and the load when it is warm. */
    void start(
            int round, Contestant contestant, Duration started, Duration startCpu, RestLoad.Result first, Duration firstCpu, RestLoad.Result warm) {
        boolean right = first.allSucceeded() && warm.allSucceeded();
        var fault = right ? "" : "  WRONG: status %s, then %s; %s".formatted(first.statuses(), warm.statuses(), first.sample());
        double seconds = started.toMillis() / 1e3;
        print(
                "%s %-13s start %6.2f s  CPU %5.1f s  first %,6.0f requests/s  p99 %,8.1f ms  CPU %,6.0f us/request  warm %,6.0f requests/s%s%n",
                label(round), contestant.name, seconds, startCpu.toMillis() / 1e3, first.perSecond(), first.p99(),
                micros(firstCpu, first.statuses().getOrDefault(200, 0)), warm.perSecond(), fault);
        keep(round, contestant.name, right, first.perSecond(), seconds, first.perSecond() / warm.perSecond());
    }

    /** One round of REST; {@code queued} likes reached the queue: all, or in the warm-up some may have been applied without the broker. */
    void rest(int round, Contestant contestant, RestLoad.Result result, Duration cpu, long queued) {
        int succeeded = result.statuses().getOrDefault(200, 0);
        boolean right = result.allSucceeded() && (queued == succeeded || round == 0);
        var fault = right ? "" : "  WRONG: status %s, %d in the queue; %s".formatted(result.statuses(), queued, result.sample());
        double cpuEach = micros(cpu, succeeded);
        print(
                "%s %-10s %,8.0f requests/s  p50 %6.1f ms  p99 %6.1f ms  CPU %5.0f us/request%s%n",
                label(round), contestant.name, result.perSecond(), result.p50(), result.p99(), cpuEach, fault);
        keep(round, contestant.name, right, result.perSecond(), result.p99(), cpuEach);
    }

    /** One round of one kind of read. */
    void read(int round, String name, RestLoad.Result result, Duration cpu) {
        double cpuEach = micros(cpu, result.statuses().getOrDefault(200, 0));
        var fault = result.allSucceeded() ? "" : "  WRONG: status %s; %s".formatted(result.statuses(), result.sample());
        print(
                "%s %-16s %,8.0f requests/s  p50 %6.1f ms  p99 %6.1f ms  CPU %5.0f us/request%s%n",
                label(round), name, result.perSecond(), result.p50(), result.p99(), cpuEach, fault);
        keep(round, name, result.allSucceeded(), result.perSecond(), result.p99(), cpuEach);
    }

    /** One round of draining. */
    void drain(int round, Contestant contestant, Drain drain) {
        double seconds = drain.startToEnd().toMillis() / 1e3;
        double cpuEach = micros(drain.cpu(), drain.events());
        print(
                "%s %-10s %,8.0f events/s  start to end %6.2f s  CPU %5.0f us/event  %s%n",
                label(round), contestant.name, drain.perSecond(), seconds, cpuEach, drain.fault());
        keep(round, contestant.name, drain.fault().isEmpty(), drain.perSecond(), seconds, cpuEach);
    }

    void startSummary() {
        print("%n%-13s %18s %12s %16s%n", "median", "first requests/s", "start s", "first / warm");
        medians("%-13s %,18.0f %12.2f %16.2f%n");
        ratio("start-trained", "start-jar", "start ", Series::times, 0.5);
        ratio("start-trained", "start-jar", "first requests/s ", Series::rates, Double.NaN);
    }

    void restSummary() {
        print("%n%-10s %12s %12s %16s%n", "median", "requests/s", "p99 ms", "CPU us/request");
        medians("%-10s %,12.0f %12.1f %16.0f%n");
        ratio("rest-app", "rest-peer", 1.3);
    }

    void readSummary() {
        print("%n%-16s %12s %12s %16s%n", "median", "requests/s", "p99 ms", "CPU us/request");
        medians("%-16s %,12.0f %12.1f %16.0f%n");
    }

    void drainSummary() {
        print("%n%-10s %12s %12s %16s%n", "median", "events/s", "seconds", "CPU us/event");
        medians("%-10s %,12.0f %12.2f %16.0f%n");
        ratio("app-4", "event-4", 8);
        ratio("app-1", "batch-1", 2);
        ratio("app-1", "loop-1", 1);
        for (var other : List.of("event-1", "event-4")) {
            ratio("app-1", other, Double.NaN);
        }
        ratio("app-4", "batch-4", Double.NaN);
        ratio("batch-1", "loop-1", Double.NaN);
    }

    private void keep(int round, String name, boolean right, double rate, double time, double cpu) {
        allRight &= right;
        var rounds = series.computeIfAbsent(name, key -> new Series());
        if (round > 0) {
            rounds.add(rate, time, cpu);
        }
    }

    private void medians(String format) {
        series.forEach((name, rounds) ->
                print(format, name, median(rounds.rates), median(rounds.times), median(rounds.cpu)));
    }

    private void ratio(String above, String below, double target) {
        ratio(above, below, "", Series::rates, target);
    }

    /** The median of the ratios of each round, and all of them. */
    private void ratio(String above, String below, String of, Function<Series, List<Double>> values, double target) {
        if (!series.containsKey(above) || !series.containsKey(below)) {
            return;
        }
        var upper = values.apply(series.get(above));
        var lower = values.apply(series.get(below));
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < upper.size(); round++) {
            ratios.add(upper.get(round) / lower.get(round));
        }
        var each = ratios.stream().map(ratio -> "%.2f".formatted(ratio)).collect(Collectors.joining(" "));
        var goal = Double.isNaN(target) ? "" : ", target %.1f".formatted(target);
        print("ratio %-20s %6.2f  (rounds %s%s)%n", of + above + " / " + below, median(ratios), each, goal);
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static double micros(Duration time, long count) {
        return time.toNanos() / 1e3 / Math.max(1L, count);
    }

    private static String label(int round) {
        return round == 0 ? "warm-up" : "round " + round;
    }

    private static void print(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format, arguments);
    }
}
