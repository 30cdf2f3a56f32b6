package io.feedroutes.security;

import io.feedroutes.problem.Problem;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Variable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Hashes and checks the passwords that routes hold in variables: they must not pass through an expression, which could change them. */
@Component("passwords")
public final class Passwords {

    private final PasswordEncoder encoder = new BCryptPasswordEncoder();

    /**
     * @return the bcrypt hash of the password
     * @throws Problem 400 when the password has more bytes than bcrypt takes
     */
    public String hash(@Variable("password") String password) {
        if (password.getBytes(StandardCharsets.UTF_8).length > 72) {
            throw new Problem("400 password: must be at most 72 bytes long");
        }
        return encoder.encode(password);
    }

    /** @return whether the hash is one of another password; of one that bcrypt would cut it is none */
    public boolean isWrong(@Variable("password") String password, @Variable("password_hash") String hash) {
        return password.getBytes(StandardCharsets.UTF_8).length > 72 || !encoder.matches(password, hash);
    }
}
