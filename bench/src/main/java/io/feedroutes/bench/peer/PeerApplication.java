package io.feedroutes.bench.peer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The like path as a plain, hand-written Spring Boot application: the opponent. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class PeerApplication {

    /** Starts the peer; the profiles {@code event} and {@code batch} choose how it consumes, none means REST only. */
    public static void main(String[] args) {
        SpringApplication.run(PeerApplication.class, args);
    }
}
