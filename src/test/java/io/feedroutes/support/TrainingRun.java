package io.feedroutes.support;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Starts the extracted application on embedded services and uses its main paths for a while, so that its JVM leaves what it has learned for the
 * next starts: on JDK 25 the ahead-of-time cache {@code feed-routes.aot}, on older ones the class-data archive {@code feed-routes.jsa}.
 */
public final class TrainingRun {

    private static final int CLIENTS = 8;
    private static final int VIDEOS = Integer.getInteger("train", 30);
    private static final int LIKES = 10;

    private TrainingRun() {}

    /** Trains a java program of the version that runs this, with the application in a folder, and ends this JVM. */
    public static void of(String java, String folder) {
        try {
            Path directory = Path.of(folder).toAbsolutePath();
            boolean aheadOfTime = Runtime.version().feature() >= 25;
            Path learned = directory.resolve(aheadOfTime ? "feed-routes.aot" : "feed-routes.jsa");
            train(java, aheadOfTime ? "AOTCacheOutput" : "ArchiveClassesAtExit", learned);
            System.exit(Files.exists(learned) ? 0 : 1);
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            // The embedded broker's threads would keep the JVM alive.
            System.exit(1);
        }
    }

    private static void train(String java, String option, Path learned) throws Exception {
        // What cannot be kept is no news.
        List<String> options = List.of("-XX:" + option + "=" + learned, "-Xlog:all=error");
        ServiceSettings services = EmbeddedServices.start();
        try (ExtractedApplication application =
                ExtractedApplication.start(java, options, learned.getParent(), services, Redirect.INHERIT)) {
            CompletableFuture<?>[] clients = Stream.generate(() -> useMainPathsBeside(application.feed()))
                    .limit(CLIENTS)
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(clients).join();
        }
    }

    private static CompletableFuture<Void> useMainPathsBeside(Feed feed) {
        return CompletableFuture.runAsync(() -> useMainPaths(feed), task -> new Thread(task).start());
    }

    private static void useMainPaths(Feed feed) {
        Account alice = feed.someone();
        Account bob = feed.someone();
        for (int i = 0; i < VIDEOS; i++) {
            Video video = alice.publishes("a title #tag");
            bob.follows(alice);
            for (int like = 0; like < LIKES; like++) {
                bob.likes(video);
                bob.post("/like/isLiked", Map.of("video_id", video.id()));
                bob.unlikes(video);
            }
            bob.comments(video, "a comment");
            bob.post("/comment/listAll", Map.of("video_id", video.id()));
            bob.post("/video/getDetail", Map.of("id", video.id()));
            for (String list : List.of("Latest", "ByPopularity", "LikesCount", "ByFollowing")) {
                bob.post("/feed/list" + list, Map.of("limit", 10));
            }
            bob.post("/feed/listByTag", Map.of("tag_name", "tag"));
            alice.post("/notification/list", Map.of());
            bob.unfollows(alice);
        }
    }
}
