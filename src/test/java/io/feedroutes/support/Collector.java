package io.feedroutes.support;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What spans are exported to: an OTLP receiver on a port of this machine. */
public final class Collector implements AutoCloseable {

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    public Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    /** A span; {@code links} are the ids of the traces of other spans. */
    public record Span(String trace, String id, String parent, String name, List<String> links) {

        private static Span of(io.opentelemetry.proto.trace.v1.Span span) {
            return new Span(
                    hex(span.getTraceId()),
                    hex(span.getSpanId()),
                    hex(span.getParentSpanId()),
                    span.getName(),
                    span.getLinksList().stream()
                            .map(Link::getTraceId)
                            .map(Span::hex)
                            .toList());
        }

        private static String hex(ByteString id) {
            return HexFormat.of().formatHex(id.toByteArray());
        }
    }

    private void receive(HttpExchange export) throws IOException {
        try (export) {
            ExportTraceServiceRequest.parseFrom(export.getRequestBody()).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(Span::of)
                    .forEach(spans::add);
            export.sendResponseHeaders(200, -1);
        }
    }

    /** All spans until now. */
    public List<Span> spans() {
        return spans;
    }

    /** The URL that {@code OTEL_EXPORTER_OTLP_ENDPOINT} names. */
    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
