package io.feedroutes.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.springframework.core.env.Environment;

/**
 * The broker, the database and the Redis of the tests, each behind a {@link TcpProxy} by which a test takes it away:
 * {@code FeedServices.get().broker().down()}.
 *
 * <p>There is one set for all tests of a JVM. {@link FeedTest} starts it, configures the application with it, and brings everything up
 * again after each test.
 */
public final class FeedServices {

    private static FeedServices started;

    private final TcpProxy broker;
    private final TcpProxy database;
    private final TcpProxy redis;
    private final ServiceSettings settings;

    private FeedServices(ServiceSettings direct) throws IOException {
        this.broker = new TcpProxy(direct.broker().at(), true);
        this.database = new TcpProxy(direct.database().at(), false);
        this.redis = new TcpProxy(direct.redis().at(), false);
        this.settings = new ServiceSettings(
                direct.broker().at(broker.address()),
                direct.database().at(database.address()),
                direct.redis().at(redis.address()));
    }

    static synchronized FeedServices start(Environment environment) {
        if (started == null) {
            try {
                started = new FeedServices(
                        ServiceSettings.external() ? ServiceSettings.from(environment) : EmbeddedServices.start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    /**
     * The services that the application under test uses.
     *
     * @throws IllegalStateException when no {@link FeedTest} has started them
     */
    public static synchronized FeedServices get() {
        if (started == null) {
            throw new IllegalStateException("The services are started by @FeedTest");
        }
        return started;
    }

    /** The way to the broker. */
    public TcpProxy broker() {
        return broker;
    }

    /** The way to the database. */
    public TcpProxy database() {
        return database;
    }

    /** The way to Redis. */
    public TcpProxy redis() {
        return redis;
    }

    /** Where they are, behind the proxies. */
    public ServiceSettings settings() {
        return settings;
    }

    /** Ends every outage. */
    public void allUp() {
        List.of(broker, database, redis).forEach(TcpProxy::up);
    }
}
