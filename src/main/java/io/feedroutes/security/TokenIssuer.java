package io.feedroutes.security;

import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Variable;
import org.springframework.security.crypto.codec.Hex;
import org.springframework.security.crypto.keygen.BytesKeyGenerator;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.stereotype.Component;

/** Makes the tokens that {@code account-login} hands out. */
@Component("tokens")
public final class TokenIssuer {

    static final String ACCOUNT_ID = "account_id";
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final JwsHeader HEADER =
            JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();

    private final JwtEncoder encoder;
    private final BytesKeyGenerator random = KeyGenerators.secureRandom(32);

    TokenIssuer(JwtEncoder encoder) {
        this.encoder = encoder;
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

    /** @return 64 lower-case hexadecimal digits, random */
    public String refreshToken() {
        return new String(Hex.encode(random.generateKey()));
    }
}
