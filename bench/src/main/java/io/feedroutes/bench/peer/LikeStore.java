package io.feedroutes.bench.peer;

import io.feedroutes.bench.LikeBatch;
import io.feedroutes.bench.LikeEvent;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

@Repository
class LikeStore {

    record PairState(boolean videoExists, boolean liked) {}

    private final JdbcTemplate jdbc;

    LikeStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    boolean isLastToken(long account, String token) {
        return jdbc.queryForObject(
                "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ? AND token = ?)", Boolean.class, account, token);
    }

    PairState stateOf(long account, long video) {
        return jdbc.queryForObject(
                """
                SELECT EXISTS (SELECT 1 FROM videos WHERE id = ?),
                       EXISTS (SELECT 1 FROM likes WHERE video_id = ? AND account_id = ?)
                """,
                (row, number) -> new PairState(row.getBoolean(1), row.getBoolean(2)),
                video, video, account);
    }

    /** Stores one like; the counters move only when the row is new. */
    @Transactional
    public void apply(LikeEvent like) {
        int inserted = jdbc.update(
                "INSERT IGNORE INTO likes (video_id, account_id, created_at) VALUES (?, ?, NOW(3))",
                like.videoId(), like.userId());
        if (inserted == 1) {
            jdbc.update(
                    "UPDATE videos SET likes_count = likes_count + 1, popularity = popularity + 1 WHERE id = ?",
                    like.videoId());
        }
    }

    /** Stores a batch of likes, all of them new; otherwise changes nothing and says so. */
    @Transactional
    public boolean applyNew(List<LikeEvent> likes) {
        var batch = new LikeBatch(likes);
        if (update(batch.insert()) < likes.size()) {
            TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
            return false;
        }
        update(batch.count());
        return true;
    }

    private int update(LikeBatch.Statement statement) {
        return jdbc.update(statement.sql(), statement.arguments().toArray());
    }
}
