package io.feedroutes.support;

import io.feedroutes.support.ServiceSettings.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between the application and a service, so that a test can take the service away and bring it back: {@link #down()},
 * {@link #silent()}, {@link #answersWithheld()}, {@link #up()}.
 */
public final class TcpProxy {

    private enum Mode {
        UP,
        DOWN,
        SILENT,
        ANSWERS_WITHHELD
    }

    private final Address target;
    private final InetSocketAddress address;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private Mode mode = Mode.UP;
    private ServerSocket server;
    private Thread acceptor;
    /** Bound but not listening: refuses connections and keeps the port ours. */
    private SocketChannel reservation;

    TcpProxy(Address target) throws IOException {
        this.target = target;
        listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.address = (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Where the application finds the service. */
    Address address() {
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
        run(() -> pump(client, service, Set.of(Mode.UP, Mode.ANSWERS_WITHHELD)));
        run(() -> pump(service, client, Set.of(Mode.UP)));
    }

    private synchronized void open(Socket socket) throws IOException {
        if (mode == Mode.DOWN) {
            throw new IOException("down");
        }
        socket.setTcpNoDelay(true);
        sockets.add(socket);
    }

    private void pump(Socket from, Socket to, Set<Mode> passing) throws InterruptedException {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[16 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                awaitAnyOf(passing);
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One side has gone: so has the connection.
        } finally {
            close(from, to);
        }
    }

    private synchronized void awaitAnyOf(Set<Mode> passing) throws InterruptedException, IOException {
        while (!passing.contains(mode)) {
            if (mode == Mode.DOWN) {
                throw new IOException("down");
            }
            wait();
        }
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
