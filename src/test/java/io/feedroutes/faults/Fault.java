package io.feedroutes.faults;

import java.util.List;

/**
 * A case: what is done to the system while it works.
 *
 * @param id of the test plan
 * @param what happens, in words
 * @param nodes the settings of each
 * @param budgetMillis how long a request may take
 * @param honoursReadiness whether requests go only to nodes that say that they are ready
 * @param script what is done
 */
record Fault(
        String id, String what, List<List<String>> nodes, long budgetMillis, boolean honoursReadiness, Script script) {

    static final List<String> ALL = List.of();
    static final List<String> API = List.of("feed.role=api");
    static final List<String> WORKER = List.of("feed.role=worker");

    private static final long LESS_THAN_THE_CLIENT_WAITS = 15_000;

    /** Does something to the system and takes its time; what it has not ended, the stage heals. */
    interface Script {
        void play(Stage stage) throws Exception;
    }

    static Fault of(String id, String what, Script script) {
        return new Fault(id, what, List.of(ALL), LESS_THAN_THE_CLIENT_WAITS, false, script);
    }

    @SafeVarargs
    final Fault on(List<String>... settings) {
        return new Fault(id, what, List.of(settings), budgetMillis, honoursReadiness, script);
    }

    Fault within(long millis) {
        return new Fault(id, what, nodes, millis, honoursReadiness, script);
    }

    Fault behindABalancer() {
        return new Fault(id, what, nodes, budgetMillis, true, script);
    }

    @Override
    public String toString() {
        return id + " " + what;
    }
}
