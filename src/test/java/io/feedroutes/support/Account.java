package io.feedroutes.support;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/** Somebody who has logged in. */
public record Account(Feed feed, long id, String name, String password, String token) {

    /** The account as it uses another node. */
    public Account at(Feed node) {
        return new Account(node, id, name, password, token);
    }

    /** A request with the account's token. */
    public Answer post(String path, Object body) {
        return post(path, body, Map.of());
    }

    /** A request with the account's token and additional headers. */
    public Answer post(String path, Object body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Authorization", "Bearer " + token);
        return feed.post(path, body, all);
    }

    /** Uploads a file. */
    public Answer uploads(String path, String name, byte[] content) {
        return feed.upload(path, name, content, Map.of("Authorization", "Bearer " + token));
    }

    /** Uploads a chunk of a file, as a browser does. */
    public Answer uploadsChunk(String upload, int index, byte[] chunk) {
        Map<String, String> fields = Map.of(
                "upload_id", upload, "chunk_index", String.valueOf(index), "chunk_hash", DigestUtils.md5Hex(chunk));
        return feed.upload("/video/chunk/upload", fields, "blob", chunk, Map.of("Authorization", "Bearer " + token));
    }

    /** Publishes a video. */
    public Video publishes(String title) {
        Answer answer = post("/video/publish", Map.of("title", title, "play_url", "/v.mp4", "cover_url", "/c.jpg"));
        return new Video(feed, answer.isOk().json().get("id").asLong());
    }

    /** Likes a video. */
    public Answer likes(Video video) {
        return post("/like/like", Map.of("video_id", video.id()));
    }

    /** Takes the like of a video back. */
    public Answer unlikes(Video video) {
        return post("/like/unlike", Map.of("video_id", video.id()));
    }

    /** What the application says of the account's like. */
    public boolean isToldToLike(Video video) {
        return post("/like/isLiked", Map.of("video_id", video.id()))
                .isOk()
                .json()
                .get("is_liked")
                .asBoolean();
    }

    /** Comments on a video. */
    public Answer comments(Video video, String content) {
        return post("/comment/publish", Map.of("video_id", video.id(), "content", content));
    }

    /** Deletes a comment. */
    public Answer deletes(long comment) {
        return post("/comment/delete", Map.of("comment_id", comment));
    }

    /** Writes to another account. */
    public Answer writes(Account recipient, String content) {
        return post("/message/send", Map.of("to_id", recipient.id(), "content", content));
    }

    /** Follows another account. */
    public Answer follows(Account vlogger) {
        return post("/social/follow", Map.of("vlogger_id", vlogger.id()));
    }

    /** Follows another account no more. */
    public Answer unfollows(Account vlogger) {
        return post("/social/unfollow", Map.of("vlogger_id", vlogger.id()));
    }
}
