package io.feedroutes;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the routes of {@code feed.routes-directory} on Camel and Spring Boot. */
@SpringBootApplication
public class FeedRoutesApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(FeedRoutesApplication.class, arguments);
    }
}
