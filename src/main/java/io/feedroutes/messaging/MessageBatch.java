package io.feedroutes.messaging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;

/** The messages that a consumer route takes at once, as one message whose body is the JSON array of their bodies. */
public final class MessageBatch extends Message {

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final transient List<Message> messages;

    private MessageBatch(List<Message> messages) {
        super(arrayOf(messages), new Properties());
        this.messages = messages;
        ((Properties) getMessageProperties()).batch = this;
    }

    static MessageBatch of(List<Message> messages) {
        return new MessageBatch(messages);
    }

    /** @return a batch of its own for each of the messages */
    public List<MessageBatch> getEach() {
        return messages.stream().map(message -> of(List.of(message))).toList();
    }

    /** @return the JSON array of the message ids, in the order of the bodies; empty where a producer has set none */
    public String getMessageIds() throws IOException {
        StringWriter array = new StringWriter();
        try (JsonGenerator ids = JSON.createGenerator(array)) {
            ids.writeStartArray();
            for (Message message : messages) {
                ids.writeString(Objects.toString(message.getMessageProperties().getMessageId(), ""));
            }
            ids.writeEndArray();
        }
        return array.toString();
    }

    /** @return the only message of the batch, as it came */
    public Message getOriginal() {
        return messages.get(0);
    }

    /** The properties of a batch: none but the batch itself. */
    static final class Properties extends MessageProperties {

        private transient MessageBatch batch;

        MessageBatch batch() {
            return batch;
        }
    }

    /** A body that is not one JSON object is a null in the array, which no schema of events lets through. */
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
