package io.feedroutes.bench;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Offers a contestant's consumer to the bench over JMX. */
public final class ConsumerControl {

    /** The name under which the peers register themselves. */
    public static final String NAME = "io.feedroutes.bench:type=Consumer";

    private ConsumerControl() {}

    /** Registers {@code control} under {@link #NAME}. */
    public static void register(ConsumerControlMBean control) throws JMException {
        ManagementFactory.getPlatformMBeanServer()
                .registerMBean(new StandardMBean(control, ConsumerControlMBean.class), new ObjectName(NAME));
    }
}
