package io.feedroutes.bench.peer;

import io.feedroutes.bench.ConsumerControl;
import io.feedroutes.bench.ConsumerControlMBean;
import javax.management.JMException;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Lets the bench start and stop the listeners. */
@Component
class ListenerControl implements ConsumerControlMBean {

    private final RabbitListenerEndpointRegistry listeners;

    ListenerControl(RabbitListenerEndpointRegistry listeners) {
        this.listeners = listeners;
    }

    @EventListener(ApplicationReadyEvent.class)
    void register() throws JMException {
        ConsumerControl.register(this);
    }

    @Override
    public void start() {
        listeners.start();
    }

    @Override
    public void stop() {
        listeners.stop();
    }
}
