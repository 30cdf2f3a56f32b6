package io.feedroutes.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * How fast a contestant empties a full queue into SQL: from the first commit that is seen to the last one. How long consumers take to start
 * does not count, so it does not matter how they are started.
 */
record Drain(double perSecond, long events, Duration startToEnd, Duration cpu, String fault) {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Lets the contestant store likes by {@code accounts} accounts, each of every one of new videos. */
    static Drain measure(Contestant contestant, int round, int accounts, Settings settings, long settleMillis) throws Exception {
        var videos = contestant.database.seedVideos(settings.drainVideos(), "drain " + round);
        contestant.broker.preload(likes(videos.ids, accounts, round));
        Thread.sleep(settleMillis);
        var cpu = contestant.cpu();
        long start = System.nanoTime();
        var started = CompletableFuture.runAsync(() -> start(contestant));
        long expected = (long) accounts * settings.drainVideos();
        long firstCount = 0;
        long first = 0;
        long count = 0;
        long now = start;
        while (count < expected && now - start < LIMIT.toNanos()) {
            Thread.sleep(POLL.toMillis());
            now = System.nanoTime();
            count = videos.likesCount();
            if (firstCount == 0 && count > 0) {
                firstCount = count;
                first = now;
            }
        }
        var used = contestant.cpu().minus(cpu);
        started.join();
        Thread.sleep(settleMillis);
        var fault = fault(contestant, videos, expected);
        contestant.stopConsumer();
        return new Drain(
                (count - firstCount) * 1e9 / (now - first), expected, Duration.ofNanos(now - start), used, fault);
    }

    private static List<LikeEvent> likes(List<Long> videos, int accounts, int round) {
        var likes = new ArrayList<LikeEvent>(videos.size() * accounts);
        for (long video : videos) {
            for (int account = 1; account <= accounts; account++) {
                likes.add(LikeEvent.of(account, video));
            }
        }
        Collections.shuffle(likes, new Random(round));
        return likes;
    }

    private static void start(Contestant contestant) {
        try {
            contestant.startConsumer();
        } catch (Exception e) {
            throw new IllegalStateException(contestant.name + " does not start to consume", e);
        }
    }

    private static String fault(Contestant contestant, Database.Videos videos, long expected) throws Exception {
        long rows = videos.likeRows();
        long likes = videos.likesCount();
        long popularity = videos.popularity();
        long waiting = contestant.broker.waiting();
        return rows == expected && likes == expected && popularity == expected && waiting == 0
                ? ""
                : "WRONG: %d rows, likes_count %d, popularity %d, %d left, of %d"
                        .formatted(rows, likes, popularity, waiting, expected);
    }
}
