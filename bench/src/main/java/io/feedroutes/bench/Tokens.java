package io.feedroutes.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Access tokens as a login would give them: HS256 with the secret that all contestants get. */
final class Tokens {

    static final String SECRET = "bench-only-secret-of-more-than-32-bytes";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    static String username(long account) {
        return "bench" + account;
    }

    /** The id of the token of {@code account}, as the account's row names it. */
    static String id(long account) {
        return "bench-" + account;
    }

    /** A token for {@code account} that holds for an hour. */
    static String of(long account) {
        long now = Instant.now().getEpochSecond();
        var claims = "{\"jti\":\"%s\",\"sub\":\"%d\",\"account_id\":%d,\"username\":\"%s\",\"iat\":%d,\"nbf\":%d,\"exp\":%d}"
                .formatted(id(account), account, account, username(account), now, now, now + Duration.ofHours(1).toSeconds());
        var signed = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }
}
