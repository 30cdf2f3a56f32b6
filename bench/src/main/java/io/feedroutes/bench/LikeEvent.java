package io.feedroutes.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.UUID;

/** The body of {@code like.like}: member names and their order as in the wire contract. */
@JsonNaming(SnakeCaseStrategy.class)
public record LikeEvent(String eventId, String action, long userId, long videoId, String occurredAt) {

    /** A like that happens now. */
    public static LikeEvent of(long userId, long videoId) {
        return new LikeEvent(newId(), "like", userId, videoId, Instant.now().toString());
    }

    /** 32 lowercase hexadecimal digits. */
    public static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
