package io.feedroutes.support;

import io.feedroutes.support.ServiceSettings.Address;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.port.AmqpPort;
import org.springframework.test.util.ReflectionTestUtils;

/**
 * Apache Qpid Broker-J inside this JVM: AMQP 0-9-1, everything in memory, on a port that it picks itself.
 *
 * <p>{@code qpid.json} beside this class makes it behave as RabbitMQ does where it can; {@link RealBrokerOnly} marks the tests of what
 * it cannot do.
 */
final class QpidBroker implements AutoCloseable {

    private final SystemLauncher launcher;
    private final int port;

    private QpidBroker(SystemLauncher launcher, int port) {
        this.launcher = launcher;
        this.port = port;
    }

    static QpidBroker start(RunDirectory directory) throws Exception {
        StartListener listener = new StartListener();
        SystemLauncher launcher = new SystemLauncher(listener);
        launcher.startup(Map.of(
                SystemConfig.TYPE,
                "Memory",
                SystemConfig.INITIAL_CONFIGURATION_LOCATION,
                QpidBroker.class.getResource("qpid.json").toExternalForm(),
                SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT,
                "false",
                SystemConfig.CONTEXT,
                Map.of(SystemConfig.QPID_WORK_DIR, directory.resolve("qpid").toString())));
        Broker<?> broker = listener.startedBroker();
        leaveShutdownToUs(broker);
        return new QpidBroker(launcher, amqpPort(broker));
    }

    ServiceSettings.Broker settings() {
        return new ServiceSettings.Broker(Address.loopback(port), "guest", "guest", "/");
    }

    @Override
    public void close() {
        launcher.shutdown();
    }

    /** The broker would close at the beginning of the JVM's shutdown, while the application still needs it, and cannot be told not to. */
    private static void leaveShutdownToUs(Broker<?> broker) {
        Runtime.getRuntime().removeShutdownHook((Thread) ReflectionTestUtils.getField(broker, "_shutdownHook"));
    }

    private static int amqpPort(Broker<?> broker) {
        return broker.getChildren(Port.class).stream()
                .filter(AmqpPort.class::isInstance)
                .map(AmqpPort.class::cast)
                .findFirst()
                .orElseThrow()
                .getBoundPort();
    }

    /** The launcher keeps failures for itself unless somebody listens. */
    private static final class StartListener extends DefaultSystemLauncherListener {

        private SystemConfig<?> system;
        private RuntimeException failure;

        @Override
        public void onContainerResolve(SystemConfig<?> resolved) {
            system = resolved;
        }

        @Override
        public void errorOnStartup(RuntimeException e) {
            failure = e;
        }

        private Broker<?> startedBroker() {
            if (failure != null) {
                throw failure;
            }
            return (Broker<?>) system.getContainer();
        }
    }
}
