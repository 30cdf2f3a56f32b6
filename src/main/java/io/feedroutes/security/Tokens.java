package io.feedroutes.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.feedroutes.problem.WrongSetting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Variable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/** Makes the tokens that {@code account-login} hands out, and verifies those that come back. */
@Component("tokens")
public final class Tokens {

    static final String ACCOUNT_ID = "account_id";
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final int KNOWN_TOKENS = 5000;
    private static final int MINIMUM_SECRET_BYTES = 32;
    private static final JwsHeader HEADER =
            JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();

    private final NimbusJwtEncoder encoder;
    private final LoadingCache<String, Jwt> verified;

    Tokens(@Value("${feed.jwt-secret}") String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MINIMUM_SECRET_BYTES) {
            throw new WrongSetting(
                    "JWT_SECRET must be set, and at least %d bytes long; it has %d."
                            .formatted(MINIMUM_SECRET_BYTES, bytes.length),
                    "Make one with: openssl rand -base64 48");
        }
        SecretKeySpec key = new SecretKeySpec(bytes, "HmacSHA256");
        encoder = new NimbusJwtEncoder(new ImmutableSecret<>(key));
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(key).build();
        decoder.setJwtValidator(JwtValidators.createDefaultWithValidators(
                new JwtClaimValidator<>(ACCOUNT_ID, Number.class::isInstance),
                new JwtClaimValidator<>(JwtClaimNames.EXP, Objects::nonNull)));
        verified = Caffeine.newBuilder()
                .maximumSize(KNOWN_TOKENS)
                .expireAfter(
                        Expiry.creating((String token, Jwt jwt) -> Duration.between(Instant.now(), jwt.getExpiresAt())))
                .build(decoder::decode);
    }

    /** @return a JWT with the claims {@code account_id}, {@code username}, {@code jti}, {@code exp}, {@code iat} and {@code nbf} */
    public String accessToken(
            @Variable("token_id") String tokenId,
            @Variable("account_id") long accountId,
            @Variable("account_name") String username) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .id(tokenId)
                .subject(Long.toString(accountId))
                .claim(ACCOUNT_ID, accountId)
                .claim("username", username)
                .issuedAt(now)
                .notBefore(now)
                .expiresAt(now.plus(LIFETIME))
                .build();
        return encoder.encode(JwtEncoderParameters.from(HEADER, claims)).getTokenValue();
    }

    /**
     * A token is verified once and then known until it expires: clients send the same one with every request.
     *
     * @throws JwtException when it is not one of ours, or has expired
     */
    Jwt verify(String accessToken) {
        return verified.get(accessToken);
    }
}
