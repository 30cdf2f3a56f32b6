package io.feedroutes.support;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test, and says why, unless it runs on a real RabbitMQ ({@code FEED_TEST_SERVICES=external}). */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(RealBrokerOnly.Condition.class)
public @interface RealBrokerOnly {

    /** What the embedded broker cannot do: {@code "quorum queues"}, {@code "alternate exchanges"}. */
    String value();

    /** Decides by {@code FEED_TEST_SERVICES}. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (ServiceSettings.external()) {
                return ConditionEvaluationResult.enabled("runs on a real RabbitMQ");
            }
            return findAnnotation(context.getElement(), RealBrokerOnly.class)
                    .map(marked -> ConditionEvaluationResult.disabled("the embedded broker has no " + marked.value()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("not marked"));
        }
    }
}
