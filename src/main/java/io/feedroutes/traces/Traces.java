package io.feedroutes.traces;

import io.feedroutes.messaging.MessageBatch;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.SpanLimits;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.telemetry.SpanContextPropagationExtractor;
import org.apache.camel.telemetry.decorators.RestOpenapiSpanDecorator;
import org.apache.camel.telemetry.decorators.SpringRabbitmqSpanDecorator;
import org.apache.camel.telemetry.decorators.SqlSpanDecorator;
import org.apache.camel.telemetry.propagation.CamelHeadersSpanContextPropagationExtractor;
import org.springframework.amqp.core.Message;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.tracing.SdkTracerProviderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.HandlerMapping;

/** What Camel's tracer does not know: how our spans are called, which of them matter, and where the trace of a batch comes from. */
@Configuration(proxyBeanMethods = false)
@Profile("traces")
public class Traces {

    /** A request or a message begins a trace. What is left are the schedules, which look for work several times a second. */
    @Bean
    static SpanExportingPredicate begunFromOutside() {
        return span -> SpanId.isValid(span.getParentId())
                || "EVENT_RECEIVED".equals(span.getTags().get("op"));
    }

    /** The default is 128. */
    @Bean
    static SdkTracerProviderBuilderCustomizer oneLinkForEachMessage(@Value("${feed.batch-size}") int messages) {
        return traces -> traces.setSpanLimits(
                SpanLimits.builder().setMaxNumberOfLinks(messages).build());
    }

    /** Called by its method and its path in the contract. */
    public static final class Request extends RestOpenapiSpanDecorator {

        @Override
        public String getOperationName(Exchange exchange, Endpoint endpoint) {
            HttpServletRequest request =
                    exchange.getMessage().getHeader("CamelHttpServletRequest", HttpServletRequest.class);
            Object path = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            return request.getMethod() + " " + StringUtils.delete(path.toString(), "/{*matchOnUriPrefix}");
        }
    }

    /** Called by its file. Not even one that follows another of the same schedule belongs to a trace. */
    public static final class Statement extends SqlSpanDecorator {

        @Override
        public SpanContextPropagationExtractor getExtractor(Exchange exchange) {
            return new CamelHeadersSpanContextPropagationExtractor(Map.of());
        }

        @Override
        public String getOperationName(Exchange exchange, Endpoint endpoint) {
            return stripSchemeAndOptions(stripSchemeAndOptions(endpoint));
        }
    }

    /** Called by its route. It is linked to each message, and belongs to the trace of one that came alone. */
    public static final class Batch extends SpringRabbitmqSpanDecorator implements TextMapGetter<Message> {

        @Override
        public String getComponent() {
            return "rabbit-batch";
        }

        @Override
        public String getOperationName(Exchange exchange, Endpoint endpoint) {
            return exchange.getFromRouteId();
        }

        @Override
        public SpanContextPropagationExtractor getExtractor(Exchange exchange) {
            List<Message> messages = messages(exchange);
            return new CamelHeadersSpanContextPropagationExtractor(
                    messages.size() > 1
                            ? Map.of()
                            : messages.get(0).getMessageProperties().getHeaders());
        }

        @Override
        public void afterTracingEvent(org.apache.camel.telemetry.Span span, Exchange exchange) {
            super.afterTracingEvent(span, exchange);
            var w3c = W3CTraceContextPropagator.getInstance();
            messages(exchange)
                    .forEach(message -> Span.current()
                            .addLink(Span.fromContext(w3c.extract(Context.root(), message, this))
                                    .getSpanContext()));
        }

        private static List<Message> messages(Exchange exchange) {
            return exchange.getVariable("batch", MessageBatch.class).messages();
        }

        @Override
        public Iterable<String> keys(Message message) {
            return message.getMessageProperties().getHeaders().keySet();
        }

        @Override
        public String get(Message message, String header) {
            return message.getMessageProperties().getHeaders().get(header) instanceof String text ? text : null;
        }
    }
}
