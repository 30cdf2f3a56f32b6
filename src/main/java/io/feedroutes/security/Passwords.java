package io.feedroutes.security;

import org.apache.camel.Variable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** Hashes and checks the passwords that routes hold in variables: they must not pass through an expression, which could change them. */
@Component("passwords")
public final class Passwords {

    private final PasswordEncoder encoder;

    Passwords(PasswordEncoder encoder) {
        this.encoder = encoder;
    }

    /** @return the bcrypt hash of the password */
    public String hash(@Variable("password") String password) {
        return encoder.encode(password);
    }

    /** @return whether the hash is one of the password */
    public boolean matches(@Variable("password") String password, @Variable("password_hash") String hash) {
        return encoder.matches(password, hash);
    }
}
