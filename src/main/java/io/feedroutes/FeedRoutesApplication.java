package io.feedroutes;

import io.feedroutes.reload.RoutesCheck;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the routes of {@code feed.routes-directory} on Camel and Spring Boot; with {@code --check=<folder>}, says what is wrong with those of a folder. */
@SpringBootApplication
public class FeedRoutesApplication {

    private static final String CHECK = "--check=";

    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].startsWith(CHECK)) {
            System.exit(check(arguments[0].substring(CHECK.length())));
        }
        SpringApplication.run(FeedRoutesApplication.class, arguments);
    }

    private static int check(String folder) {
        String wrong = new SpringApplicationBuilder(FeedRoutesApplication.class)
                .profiles("check")
                .run()
                .getBean(RoutesCheck.class)
                .report(folder);
        System.out.println(wrong.isEmpty() ? folder + ": nothing is wrong" : wrong);
        return wrong.isEmpty() ? 0 : 1;
    }
}
