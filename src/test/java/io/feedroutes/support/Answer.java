package io.feedroutes.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * What the application answered.
 *
 * @param took from the request to the last byte of the answer
 */
public record Answer(HttpResponse<String> response, Duration took, ObjectMapper mapper) {

    /** The status code. */
    public int status() {
        return response.statusCode();
    }

    /** The headers. */
    public HttpHeaders headers() {
        return response.headers();
    }

    /** The body as it came. */
    public String text() {
        return response.body();
    }

    /** The body as JSON. */
    public JsonNode json() {
        try {
            return mapper.readTree(text());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that the request succeeded. */
    public Answer isOk() {
        assertThat(status()).as(text()).isEqualTo(200);
        return this;
    }

    /** Asserts that the request was refused with a problem of RFC 9457 whose text has the given part. */
    public Answer isRefused(int status, String why) {
        assertThat(status()).as(text()).isEqualTo(status);
        assertThat(headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(json().path("error").asText())
                .contains(why)
                .isEqualTo(json().path("detail").asText());
        return this;
    }
}
