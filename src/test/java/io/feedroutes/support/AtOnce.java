package io.feedroutes.support;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Does something many times at the same moment, each on a thread of its own, however few cores there are. */
public final class AtOnce {

    private AtOnce() {}

    /** @return what came of each, in the order of its number, which begins with 0 */
    public static <T> List<T> times(int times, IntFunction<T> work) {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            CyclicBarrier start = new CyclicBarrier(times);
            List<CompletableFuture<T>> begun = IntStream.range(0, times)
                    .mapToObj(number -> CompletableFuture.supplyAsync(
                            () -> {
                                awaitAll(start);
                                return work.apply(number);
                            },
                            threads))
                    .toList();
            return begun.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }

    private static void awaitAll(CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
