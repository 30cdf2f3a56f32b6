package io.feedroutes.messaging;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.amqp.core.Message;
import org.springframework.util.StringUtils;

/** The messages that a consumer route takes at once. */
public record MessageBatch(List<Message> messages) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @return a batch of its own for each of the messages */
    public List<MessageBatch> getEach() {
        return messages.stream()
                .map(message -> new MessageBatch(List.of(message)))
                .toList();
    }

    /** @return the JSON array of the message ids, in the order of the bodies */
    public String getMessageIds() throws JsonProcessingException {
        return JSON.writeValueAsString(
                getEach().stream().map(MessageBatch::getMessageId).toList());
    }

    /** @return the id of the only message; where a producer has set none, one of its bytes, which is the same whenever the message is delivered */
    public String getMessageId() {
        String id = getOriginal().getMessageProperties().getMessageId();
        return StringUtils.hasText(id)
                ? id
                : UUID.nameUUIDFromBytes(getOriginal().getBody()).toString();
    }

    /** @return the only message of the batch, as it came */
    public Message getOriginal() {
        return messages.get(0);
    }

    /** @return the JSON array of the bodies; one that is not one JSON object is a null in it, which no schema of events lets through */
    public byte[] getBody() {
        return messages.stream()
                .map(Message::getBody)
                // As ISO 8859-1, bytes stay what they are.
                .map(body -> isObject(body) ? new String(body, StandardCharsets.ISO_8859_1) : "null")
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isObject(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
