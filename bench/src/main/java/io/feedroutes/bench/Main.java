package io.feedroutes.bench;

import io.feedroutes.bench.loop.BareLoop;
import io.feedroutes.bench.peer.PeerApplication;
import java.util.Arrays;

/** One jar, three programs: {@code run} measures, {@code peer} and {@code loop} are measured. */
public final class Main {

    private Main() {}

    /** Starts the program that the first argument names, with the remaining arguments. */
    public static void main(String[] args) throws Exception {
        var program = args.length == 0 ? "" : args[0];
        var rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        switch (program) {
            case "run" -> System.exit(BenchRun.exitCode(rest));
            case "peer" -> PeerApplication.main(rest);
            case "loop" -> BareLoop.main(rest);
            default -> throw new IllegalArgumentException("usage: run [start|rest|reads|drain|all] | peer | loop");
        }
    }
}
