package io.feedroutes.bench;

/** The two operations by which the bench starts and stops consuming; a Camel route's MBean has the same two. */
public interface ConsumerControlMBean {

    /** Starts consuming. */
    void start() throws Exception;

    /** Stops consuming; returns when the last delivery is settled. */
    void stop() throws Exception;
}
