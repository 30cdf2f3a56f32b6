package io.feedroutes.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Keep-alive HTTP load by one thread and a selector, so that the generator takes as little as possible of the cores that it shares. */
final class RestLoad {

    /** Successful requests per second, latencies in milliseconds, the answers by status (0: none), and one of those that were not 200. */
    record Result(double perSecond, double p50, double p99, Map<Integer, Integer> statuses, String sample) {

        boolean allSucceeded() {
            return statuses.keySet().equals(Set.of(200));
        }
    }

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final InetSocketAddress address;
    private final Supplier<byte[]> requests;
    private final long deadline;
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private int[] microseconds = new int[1 << 16];
    private int answers;
    private long lastAnswer;
    private int open;
    private int left;
    private String sample = "";

    private RestLoad(int port, Supplier<byte[]> requests, long deadline, int limit) {
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.requests = requests;
        this.deadline = deadline;
        this.left = limit;
    }

    /** Sends what {@code requests} gives, for {@code duration} and at most {@code limit} times; each connection waits for its answer. */
    static Result run(int port, int connections, Duration duration, int limit, Supplier<byte[]> requests) throws IOException {
        long start = System.nanoTime();
        var load = new RestLoad(port, requests, start + duration.toNanos(), limit);
        load.loop(connections);
        var sorted = Arrays.copyOf(load.microseconds, load.answers);
        Arrays.sort(sorted);
        double seconds = (load.lastAnswer - start) / 1e9;
        return new Result(
                load.statuses.getOrDefault(200, 0) / seconds,
                percentile(sorted, 0.50), percentile(sorted, 0.99), load.statuses, load.sample);
    }

    /** The status of one {@code GET}. */
    static int get(int port, String path) throws IOException {
        var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(5_000);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    /** A {@code POST} of JSON with a bearer token. */
    static byte[] post(String path, String token, String body) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static double percentile(int[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (part * (sorted.length - 1))] / 1e3;
    }

    private void loop(int connections) throws IOException {
        try (var selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                new Client(selector).send();
            }
            while (open > 0) {
                if (System.nanoTime() > deadline + GRACE.toNanos()) {
                    statuses.merge(0, open, Integer::sum);
                    sample = "no answer within " + GRACE.toSeconds() + " s";
                    for (var key : selector.keys()) {
                        key.channel().close();
                    }
                    return;
                }
                selector.select(key -> ((Client) key.attachment()).receive(), 100);
            }
        }
    }

    private final class Client {

        private final Selector selector;
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
        private long started;
        private boolean closing;

        Client(Selector selector) throws IOException {
            this.selector = selector;
            channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            open++;
        }

        void send() throws IOException {
            var out = ByteBuffer.wrap(requests.get());
            left--;
            started = System.nanoTime();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        void receive() {
            try {
                if (channel.read(in) < 0) {
                    throw new EOFException("the server closed a connection");
                }
                if (!complete()) {
                    return;
                }
                long now = System.nanoTime();
                record(Integer.parseInt(new String(in.array(), 9, 3, StandardCharsets.US_ASCII)), now);
                in.clear();
                if (now >= deadline || left <= 0) {
                    close();
                } else if (closing) {
                    close();
                    new Client(selector).send();
                } else {
                    send();
                }
            } catch (IOException e) {
                statuses.merge(0, 1, Integer::sum);
                sample = e.toString();
                close();
            }
        }

        /** Whether the whole answer is there: by its length, or by the last chunk. */
        private boolean complete() {
            var text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return false;
            }
            var head = text.substring(0, end + 2).toLowerCase(Locale.ROOT);
            closing = head.contains("\r\nconnection: close\r\n");
            int length = head.indexOf("\r\ncontent-length:");
            if (length >= 0) {
                int from = length + "\r\ncontent-length:".length();
                return in.position() >= end + 4 + Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)).trim());
            }
            return text.endsWith("\r\n0\r\n\r\n");
        }

        private void record(int status, long now) {
            statuses.merge(status, 1, Integer::sum);
            if (status != 200) {
                sample = new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
            }
            if (answers == microseconds.length) {
                microseconds = Arrays.copyOf(microseconds, 2 * answers);
            }
            microseconds[answers++] = (int) ((now - started) / 1_000);
            lastAnswer = now;
        }

        private void close() {
            open--;
            try {
                channel.close();
            } catch (IOException e) {
                sample = e.toString();
            }
        }
    }
}
