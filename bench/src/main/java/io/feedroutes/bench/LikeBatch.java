package io.feedroutes.bench;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A batch of likes as two statements. Rows are in the order of the unique key, so that batches of several consumers do not wait for each
 * other in a circle. {@link #count()} is right only when {@link #insert()} stored {@link #size()} rows.
 */
public final class LikeBatch {

    private static final String INSERT = "INSERT IGNORE INTO likes (video_id, account_id, created_at) VALUES ";

    private final Collection<LikeEvent> likes =
            new TreeSet<>(comparingLong(LikeEvent::videoId).thenComparingLong(LikeEvent::userId));

    /** A batch of {@code events}, each pair once. */
    public LikeBatch(Collection<LikeEvent> events) {
        likes.addAll(events);
    }

    /** A statement and its arguments, all of them integers. */
    public record Statement(String sql, List<Long> arguments) {}

    /** The number of different pairs. */
    public int size() {
        return likes.size();
    }

    /** Inserts all rows that are not there. */
    public Statement insert() {
        var arguments = new ArrayList<Long>(2 * size());
        for (var like : likes) {
            arguments.add(like.videoId());
            arguments.add(like.userId());
        }
        return new Statement(INSERT + String.join(", ", Collections.nCopies(size(), "(?, ?, NOW(3))")), arguments);
    }

    /** Moves the counters of each video by its number of likes in the batch. */
    public Statement count() {
        var byVideo = likes.stream().collect(groupingBy(LikeEvent::videoId, TreeMap::new, counting()));
        var arguments = new ArrayList<Long>(2 * byVideo.size());
        byVideo.forEach((video, number) -> Collections.addAll(arguments, video, number));
        var moves = String.join(" UNION ALL ", Collections.nCopies(byVideo.size(), "SELECT ? AS id, ? AS number"));
        return new Statement(
                "UPDATE videos JOIN (" + moves + ") moved USING (id)"
                        + " SET likes_count = likes_count + number, popularity = popularity + number",
                arguments);
    }
}
