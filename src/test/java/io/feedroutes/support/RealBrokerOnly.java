package io.feedroutes.support;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.UUID;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.core.env.StandardEnvironment;

/** Skips a test, and says why, unless it runs on a real RabbitMQ ({@code FEED_TEST_SERVICES=external}). */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(RealBrokerOnly.Condition.class)
public @interface RealBrokerOnly {

    /** What the embedded broker cannot do: {@code "quorum queues"}, {@code "alternate exchanges"}. */
    String value();

    /** The type of exchange that a plugin of RabbitMQ brings and the test needs; empty when it needs none. */
    String exchangeType() default "";

    /** Decides by {@code FEED_TEST_SERVICES}. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return findAnnotation(context.getElement(), RealBrokerOnly.class)
                    .map(Condition::evaluate)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("not marked"));
        }

        private static ConditionEvaluationResult evaluate(RealBrokerOnly marked) {
            if (!ServiceSettings.external()) {
                return ConditionEvaluationResult.disabled("the embedded broker has no " + marked.value());
            }
            if (marked.exchangeType().isEmpty() || has(marked.exchangeType())) {
                return ConditionEvaluationResult.enabled("runs on a real RabbitMQ");
            }
            return ConditionEvaluationResult.disabled("this RabbitMQ has no plugin for " + marked.value());
        }

        /**
         * A broker closes the connection that declares an exchange of a type that it does not know. The application finds that out, too, but a test of it
         * must not be skipped by its own answer.
         */
        private static boolean has(String exchangeType) {
            ServiceSettings.Broker broker =
                    ServiceSettings.from(new StandardEnvironment()).broker();
            CachingConnectionFactory connections =
                    new CachingConnectionFactory(broker.at().host(), broker.at().port());
            connections.setUsername(broker.username());
            connections.setPassword(broker.password());
            connections.setVirtualHost(broker.virtualHost());
            RabbitAdmin admin = new RabbitAdmin(connections);
            String probe = "probe-" + UUID.randomUUID();
            try {
                admin.declareExchange(new ExchangeBuilder(probe, exchangeType).build());
                admin.deleteExchange(probe);
                return true;
            } catch (AmqpException e) {
                return false;
            } finally {
                connections.destroy();
            }
        }
    }
}
