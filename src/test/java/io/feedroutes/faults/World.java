package io.feedroutes.faults;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;

/** The accounts and the videos of a case, which nobody has used before. */
record World(long firstAccount, Map<Long, String> tokens, long firstVideo) {

    static final int ACCOUNTS = 32;
    static final int VIDEOS = 100;

    private static final Duration LONG = Duration.ofHours(3);

    static World create(JdbcTemplate database) {
        long account = next(database, "accounts");
        long video = next(database, "videos");
        Map<Long, String> tokens = new TreeMap<>();
        for (long id = account; id < account + ACCOUNTS; id++) {
            database.update("INSERT INTO accounts (id, username, token) VALUES (?, ?, ?)", id, "account-" + id, id);
            tokens.put(id, token(id));
        }
        for (long id = video; id <= video + VIDEOS; id++) {
            database.update(
                    "INSERT INTO videos (id, author_id, username, title, play_url, cover_url, create_time)"
                            + " VALUES (?, ?, ?, 'a title', '/v.mp4', '/c.jpg', UTC_TIMESTAMP(3))",
                    id,
                    account,
                    "account-" + account);
        }
        return new World(account, tokens, video);
    }

    /** The video that many want; it is the last one. */
    long hotVideo() {
        return firstVideo + VIDEOS;
    }

    private static long next(JdbcTemplate database, String table) {
        return database.queryForObject("SELECT COALESCE(MAX(id), 0) + 1 FROM " + table, Long.class);
    }

    /** As {@code account-login} would hand it out, but valid for as long as a case lasts and whatever clock a node has. */
    private static String token(long account) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .jwtID(String.valueOf(account))
                .subject(String.valueOf(account))
                .claim("account_id", account)
                .claim("username", "account-" + account)
                .notBeforeTime(Date.from(Instant.now().minus(LONG)))
                .expirationTime(Date.from(Instant.now().plus(LONG)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(Node.SECRET));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
