package io.feedroutes.messaging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;

/** The messages that a consumer route takes at once, as one message whose body is the JSON array of their bodies. */
final class MessageBatch extends Message {

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private MessageBatch(List<Message> messages) {
        super(arrayOf(messages), new Properties(messages));
    }

    static MessageBatch of(List<Message> messages) {
        return new MessageBatch(messages);
    }

    /** The properties of a batch: none but the messages themselves. */
    static final class Properties extends MessageProperties {

        private final transient List<Message> messages;

        private Properties(List<Message> messages) {
            this.messages = messages;
        }

        List<Message> messages() {
            return messages;
        }
    }

    /** Stands for a body that is not one JSON object; no schema of an event lets it through. */
    private static byte[] arrayOf(List<Message> messages) {
        ByteArrayOutputStream array = new ByteArrayOutputStream(messages.size() * 192);
        char separator = '[';
        for (Message message : messages) {
            array.write(separator);
            array.writeBytes(isObject(message.getBody()) ? message.getBody() : NULL);
            separator = ',';
        }
        array.write(']');
        return array.toByteArray();
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
