package io.feedroutes.bench.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.feedroutes.bench.LikeEvent;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class LikeController {

    record LikeRequest(@JsonProperty("video_id") long videoId) {}

    private static final Map<String, String> SUCCESS = Map.of("message", "like success");

    private final LikeStore store;
    private final AcceptedState accepted;
    private final LikePublisher publisher;

    LikeController(LikeStore store, AcceptedState accepted, LikePublisher publisher) {
        this.store = store;
        this.accepted = accepted;
        this.publisher = publisher;
    }

    @GetMapping("/healthz")
    Map<String, String> health() {
        return Map.of("status", "ok");
    }

    @PostMapping("/like/like")
    Map<String, String> like(@AuthenticationPrincipal Jwt token, @RequestBody LikeRequest request) {
        long account = ((Number) token.getClaim("account_id")).longValue();
        if (!store.isLastToken(account, token.getId())) {
            throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "token has been revoked");
        }
        long video = request.videoId();
        if (video <= 0) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "video_id is required");
        }
        var state = store.stateOf(account, video);
        if (!state.videoExists()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "video not found");
        }
        if (!accepted.like(account, video, state.liked())) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "user has liked this video");
        }
        if (!publisher.publish(LikeEvent.of(account, video))) {
            accepted.forget(account, video);
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "not accepted");
        }
        return SUCCESS;
    }
}
