package io.feedroutes.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.feedroutes.faults.Operation.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Accounts that like, follow and comment, each one request after the other, some eighty a second together. What they ask for depends on a seed and on the
 * answers; all of it is recorded.
 */
final class Load {

    private static final long PERIOD_MILLIS = 400;
    private static final long RAMP_MILLIS = 3000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final World world;
    private final Supplier<List<Node>> nodes;
    private final long seed;
    private final long start = System.nanoTime();
    private final List<Operation> record = new ArrayList<>();
    private final Writer file;
    private final List<Thread> accounts = new ArrayList<>();
    private volatile boolean ended;

    /** @param nodes those that are asked, each time one of them */
    Load(World world, Supplier<List<Node>> nodes, long seed, Path file) throws IOException {
        this.world = world;
        this.nodes = nodes;
        this.seed = seed;
        this.file = Files.newBufferedWriter(file);
    }

    void start() {
        world.tokens().forEach((account, token) -> accounts.add(new Thread(() -> use(account, token), "load")));
        accounts.forEach(Thread::start);
    }

    void stop() throws IOException, InterruptedException {
        ended = true;
        for (Thread account : accounts) {
            account.join();
        }
        file.close();
    }

    /** Everything that was asked for, in the order of the answers. */
    List<Operation> record() {
        return record;
    }

    private void use(long account, String token) {
        Random random = new Random(seed * 1000 + account - world.firstAccount());
        Map<String, Integer> states = new HashMap<>();
        Deque<Operation> comments = new ArrayDeque<>();
        // A node that has just started has much to learn.
        long next = (account - world.firstAccount()) * RAMP_MILLIS / World.ACCOUNTS;
        while (!ended) {
            try {
                Thread.sleep(Math.max(0, next - millis()));
            } catch (InterruptedException e) {
                return;
            }
            next = Math.max(next + PERIOD_MILLIS, millis());
            Operation done = send(choose(account, random, states, comments), token, random);
            note(done);
            if (done.is(Outcome.ACCEPTED)) {
                states.put(done.subject(), done.wanted());
                if (done.action().equals("publish")) {
                    comments.add(done);
                }
            }
        }
    }

    private Operation choose(long account, Random random, Map<String, Integer> states, Deque<Operation> comments) {
        int dice = random.nextInt(10);
        if (dice < 6) {
            long video = random.nextInt(10) < 3 ? world.hotVideo() : world.firstVideo() + random.nextInt(World.VIDEOS);
            return flip("like", "unlike", account, video, random, states);
        }
        if (dice < 8) {
            long other = world.firstAccount() + random.nextInt(World.ACCOUNTS - 1);
            return flip("follow", "unfollow", account, other < account ? other : other + 1, random, states);
        }
        if (!comments.isEmpty() && random.nextBoolean()) {
            Operation comment = comments.poll();
            return asked(account, "delete", comment.created(), comment.text());
        }
        long video = world.firstVideo() + random.nextInt(World.VIDEOS);
        return asked(account, "publish", video, "%d says %d".formatted(account, random.nextLong()));
    }

    /** Mostly what changes the state, sometimes what does not. */
    private Operation flip(
            String on, String off, long account, long target, Random random, Map<String, Integer> states) {
        Operation operation = asked(account, on, target, "");
        boolean isOn = states.getOrDefault(operation.subject(), 0) == 1;
        return isOn == random.nextInt(10) > 0 ? asked(account, off, target, "") : operation;
    }

    private Operation asked(long account, String action, long target, String text) {
        return new Operation(millis(), 0, account, action, target, text, Operation.NOT_SENT, 0, false);
    }

    private Operation send(Operation asked, String token, Random random) {
        int status = Operation.LOST;
        long created = 0;
        boolean retryAfter = false;
        List<Node> able = nodes.get();
        try {
            Node node = able.get(random.nextInt(able.size()));
            HttpRequest request = HttpRequest.newBuilder(node.uri(path(asked.action())))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + token)
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(body(asked))))
                    .build();
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            status = answer.statusCode();
            retryAfter = answer.headers().firstValue("Retry-After").isPresent();
            JsonNode json = JSON.readTree(answer.body());
            created = json.path("comment_id").asLong();
        } catch (ConnectException | HttpConnectTimeoutException e) {
            status = Operation.NOT_SENT;
        } catch (IOException e) {
            // Nobody knows what has become of it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Operation(
                asked.at(),
                millis() - asked.at(),
                asked.account(),
                asked.action(),
                asked.target(),
                asked.text(),
                status,
                created,
                retryAfter);
    }

    private static String path(String action) {
        return switch (action) {
            case "like", "unlike" -> "/like/" + action;
            case "follow", "unfollow" -> "/social/" + action;
            default -> "/comment/" + action;
        };
    }

    private static Map<String, Object> body(Operation asked) {
        return switch (asked.action()) {
            case "like", "unlike" -> Map.of("video_id", asked.target());
            case "follow", "unfollow" -> Map.of("vlogger_id", asked.target());
            case "publish" -> Map.of("video_id", asked.target(), "content", asked.text());
            default -> Map.of("comment_id", asked.target());
        };
    }

    private synchronized void note(Operation done) {
        record.add(done);
        try {
            file.write(JSON.writeValueAsString(done));
            file.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long millis() {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
