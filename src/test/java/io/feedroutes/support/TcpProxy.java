package io.feedroutes.support;

import io.feedroutes.support.ServiceSettings.Address;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between the application and a service, so that a test can take the service away and bring it back: {@link #down()},
 * {@link #silent()}, {@link #answersWithheld()}, {@link #confirmsLost()}, {@link #up()}. {@link #reset()} and {@link #cut} end connections,
 * {@link #latency} slows them. On a connection that goes on no byte is ever lost, but for confirms.
 */
public final class TcpProxy {

    private enum Mode {
        UP,
        DOWN,
        SILENT,
        ANSWERS_WITHHELD,
        CONFIRMS_LOST
    }

    /** Which way bytes go. */
    public enum Way {
        REQUESTS(Mode.UP, Mode.ANSWERS_WITHHELD, Mode.CONFIRMS_LOST),
        ANSWERS(Mode.UP, Mode.CONFIRMS_LOST);

        private final Set<Mode> passing;

        Way(Mode... passing) {
            this.passing = Set.of(passing);
        }
    }

    /** Type, channel and length; the frame ends with one byte more. */
    private static final int FRAME_HEADER = 7;

    private final Address target;
    private final InetSocketAddress address;
    private final boolean amqp;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<Way, Long> untilCut = new EnumMap<>(Way.class);
    private volatile long latencyMillis;
    private Mode mode = Mode.UP;
    private ServerSocket server;
    private Thread acceptor;
    /** Bound but not listening: refuses connections and keeps the port ours. */
    private SocketChannel reservation;

    /** @param amqp whether confirms can be lost, for which the answers must be read frame by frame */
    public TcpProxy(Address target, boolean amqp) throws IOException {
        this.target = target;
        this.amqp = amqp;
        listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.address = (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Where the application finds the service. */
    public Address address() {
        return Address.loopback(address.getPort());
    }

    /** Everything passes; what {@link #silent()} or {@link #answersWithheld()} held back is delivered late. */
    public synchronized void up() {
        enter(Mode.UP);
    }

    /** As if the server had died: connections are reset, new ones refused, and what was held back is lost. */
    public synchronized void down() {
        if (mode == Mode.DOWN) {
            return;
        }
        mode = Mode.DOWN;
        notifyAll();
        try {
            server.close();
            // The port is free only when the thread that accepts has seen it.
            acceptor.join();
            reservation = SocketChannel.open();
            reservation.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            reservation.bind(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        endConnections();
    }

    private void endConnections() {
        // First all, so that closing one side does not end the other side politely.
        sockets.forEach(TcpProxy::resetWhenClosed);
        sockets.forEach(this::close);
    }

    /** As if the server hung: connections stay and new ones are accepted, but nothing passes in either direction. */
    public synchronized void silent() {
        enter(Mode.SILENT);
    }

    /** The server gets and does what the application asks; its answers do not arrive. {@link #down()} makes that for good. */
    public synchronized void answersWithheld() {
        enter(Mode.ANSWERS_WITHHELD);
    }

    /** The broker takes messages, and its confirms are lost; everything else passes. */
    public synchronized void confirmsLost() {
        if (!amqp) {
            throw new IllegalStateException("Only the broker confirms");
        }
        enter(Mode.CONFIRMS_LOST);
    }

    /** Each piece of an answer comes so much later. */
    public void latency(Duration latency) {
        latencyMillis = latency.toMillis();
    }

    /** Once, after as many more bytes, the connection that has brought the last of them is reset, on both sides. */
    public synchronized void cut(Way way, long bytes) {
        untilCut.put(way, bytes);
    }

    /** All connections are reset; new ones are accepted. */
    public synchronized void reset() {
        endConnections();
    }

    private void enter(Mode next) {
        if (mode == Mode.DOWN) {
            try {
                reservation.close();
                listen(address);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        mode = next;
        notifyAll();
    }

    private void listen(InetSocketAddress at) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(at);
        server = listening;
        acceptor = run(() -> accept(listening));
    }

    private void accept(ServerSocket listening) throws IOException {
        while (true) {
            Socket client = listening.accept();
            run(() -> connect(client));
        }
    }

    private void connect(Socket client) throws IOException {
        Socket service = new Socket();
        try {
            open(client);
            open(service);
            service.connect(new InetSocketAddress(target.host(), target.port()));
        } catch (IOException e) {
            close(client, service);
            return;
        }
        run(() -> pump(client, service, Way.REQUESTS));
        run(() -> pump(service, client, Way.ANSWERS));
    }

    private synchronized void open(Socket socket) throws IOException {
        if (mode == Mode.DOWN) {
            throw new IOException("down");
        }
        socket.setTcpNoDelay(true);
        sockets.add(socket);
    }

    private void pump(Socket from, Socket to, Way way) throws InterruptedException {
        try (DataInputStream in = new DataInputStream(from.getInputStream());
                OutputStream out = to.getOutputStream()) {
            boolean frames = amqp && way == Way.ANSWERS;
            byte[] buffer = new byte[16 * 1024];
            for (byte[] bytes = read(in, frames, buffer); bytes.length > 0; bytes = read(in, frames, buffer)) {
                if (way == Way.ANSWERS && latencyMillis > 0) {
                    Thread.sleep(latencyMillis);
                }
                boolean isLost = awaitPassing(way) == Mode.CONFIRMS_LOST && frames && isConfirm(bytes);
                int passing = isLost ? 0 : passing(way, bytes.length);
                out.write(bytes, 0, passing);
                if (!isLost && passing < bytes.length) {
                    resetWhenClosed(from);
                    resetWhenClosed(to);
                    return;
                }
            }
        } catch (IOException e) {
            // One side has gone: so has the connection.
        } finally {
            close(from, to);
        }
    }

    /** The next bytes, or the next frame; none at the end. */
    private static byte[] read(DataInputStream in, boolean frame, byte[] buffer) throws IOException {
        int length = in.readNBytes(buffer, 0, frame ? FRAME_HEADER : 0);
        if (!frame || length < FRAME_HEADER) {
            return Arrays.copyOf(buffer, frame ? length : Math.max(0, in.read(buffer)));
        }
        int payload = ByteBuffer.wrap(buffer).getInt(3);
        byte[] bytes = Arrays.copyOf(buffer, FRAME_HEADER + payload + 1);
        in.readFully(bytes, FRAME_HEADER, payload + 1);
        return bytes;
    }

    /** {@code basic.ack} and {@code basic.nack}, which the broker sends as confirms only. */
    private static boolean isConfirm(byte[] frame) {
        ByteBuffer fields = ByteBuffer.wrap(frame);
        return frame[0] == 1 && fields.getShort(7) == 60 && Set.of(80, 120).contains((int) fields.getShort(9));
    }

    private synchronized int passing(Way way, int bytes) {
        long left = untilCut.getOrDefault(way, Long.MAX_VALUE);
        if (left < bytes) {
            untilCut.remove(way);
            return (int) left;
        }
        untilCut.computeIfPresent(way, (key, before) -> before - bytes);
        return bytes;
    }

    private synchronized Mode awaitPassing(Way way) throws InterruptedException, IOException {
        while (!way.passing.contains(mode)) {
            if (mode == Mode.DOWN) {
                throw new IOException("down");
            }
            wait();
        }
        return mode;
    }

    private void close(Socket... connection) {
        for (Socket socket : connection) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use any more either way.
            }
        }
    }

    private static void resetWhenClosed(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private static Thread run(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        // The listening socket was closed, or the JVM ends.
                    }
                },
                "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Work {
        void run() throws Exception;
    }
}
