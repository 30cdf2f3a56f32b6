package io.feedroutes;

import io.feedroutes.support.EmbeddedServices;
import io.feedroutes.support.ServiceSettings;
import io.feedroutes.support.TrainingRun;
import java.io.IOException;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * The application with everything it needs, for {@code mvn spring-boot:test-run}: embedded services, free ports and random secrets.
 *
 * <p>Where there are no embedded services for the platform, {@code FEED_TEST_SERVICES=external} makes it use those that the
 * {@code SPRING_*} variables name.
 */
final class TestFeedRoutesApplication {

    private static final String FIRST_LIKE = """

            feed-routes is ready. Open %1$s/web/index.html, and the operator's page, http://localhost:%2$s/ops, as ops with the password %3$s.
            Or see a like arrive in the database:

            U=%1$s J='content-type: application/json' A='{"username":"alice","password":"wonderland"}'; curl -s -H "$J" -d "$A" $U/account/register; \
            T=$(curl -s -H "$J" -d "$A" $U/account/login | sed 's/.*"token":"\\([^"]*\\)".*/\\1/'); echo
            V=$(curl -s -H "$J" -H "Authorization: Bearer $T" -d '{"title":"Tea","play_url":"/tea.mp4","cover_url":"/tea.jpg"}' $U/video/publish \
            | sed 's/.*"id":\\([0-9]*\\).*/\\1/'); curl -s -H "$J" -H "Authorization: Bearer $T" -d "{\\"video_id\\":$V}" $U/like/like; echo
            sleep 1; curl -s -H "$J" -d "{\\"id\\":$V}" $U/video/getDetail; echo

            """;

    /** The page in {@code examples/web}, at {@code /web}. */
    private static final String STATIC_FILES =
            "spring.web.resources.static-locations=classpath:/static/,file:examples/";

    private TestFeedRoutesApplication() {}

    /** The only one below {@code src/test}: Maven runs what it finds. */
    public static void main(String[] arguments) {
        if (arguments.length == 3 && arguments[0].equals("train")) {
            TrainingRun.of(arguments[1], arguments[2]);
        }
        String[] all = withDefaults(arguments).toArray(String[]::new);
        try {
            SpringApplication.withHook(application -> new AnnounceFirstLike(), () -> FeedRoutesApplication.main(all));
        } catch (RuntimeException e) {
            // The embedded broker's threads would keep a JVM alive whose application has failed.
            System.exit(1);
        }
    }

    private static List<String> withDefaults(String[] arguments) {
        List<String> all = new ArrayList<>();
        if (!ServiceSettings.external()) {
            EmbeddedServices.start().toProperties().forEach((name, value) -> all.add("--" + name + "=" + value));
        }
        if (System.getenv("JWT_SECRET") == null) {
            all.add("--feed.jwt-secret=" + randomSecret(32));
        }
        if (System.getenv("FEED_OPERATOR_PASSWORD") == null) {
            all.add("--feed.operator-password=" + randomSecret(8));
        }
        if (System.getenv("SERVER_PORT") == null && !isFree(8080)) {
            all.add("--server.port=0");
        }
        if (System.getenv("MANAGEMENT_SERVER_PORT") == null && !isFree(8090)) {
            all.add("--management.server.port=0");
        }
        all.add("--" + STATIC_FILES);
        all.addAll(List.of(arguments));
        return all;
    }

    private static String randomSecret(int bytes) {
        byte[] secret = new byte[bytes];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Says where the application is, last of all. */
    private static final class AnnounceFirstLike implements SpringApplicationRunListener {

        @Override
        public void ready(ConfigurableApplicationContext context, Duration timeTaken) {
            Environment environment = context.getEnvironment();
            System.out.printf(
                    FIRST_LIKE,
                    "http://localhost:" + environment.getRequiredProperty("local.server.port"),
                    environment.getRequiredProperty("local.management.port"),
                    environment.getRequiredProperty("feed.operator-password"));
        }
    }
}
