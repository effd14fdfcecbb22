// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads and writes {@link Json} with Jackson's streaming layer. Data binding is left out on purpose: its mapper costs more
 * at start than a whole command may take, and the documents of this protocol are read member by member anyway.
 */
final class JsonFormat {

    /** Python writes {@code NaN} and {@code Infinity}; lines of a batch are separated by a line feed. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .rootValueSeparator("\n")
            .build();

    private JsonFormat() {}

    /**
     * Reads one document.
     *
     * @throws JacksonException when this is not JSON
     */
    static Json read(byte[] text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return value(parser);
        }
    }

    /** One document as text. */
    static String write(Json document) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(generator, document);
        }
        return text.toString();
    }

    /** Writes documents one a line, without holding more than a buffer of them; leaves the stream open. */
    static void writeLines(OutputStream target, Consumer<Consumer<Json>> documents) throws IOException {
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), target)) {
            documents.accept(document -> write(generator, document));
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Json value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> new Json.Text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Digits(parser.getString());
            case VALUE_TRUE -> new Json.Truth(true);
            case VALUE_FALSE -> new Json.Truth(false);
            case null, default -> new Json.Absent();
        };
    }

    private static Json object(JsonParser parser) {
        Map<String, Json> members = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            members.put(name, value(parser));
        }
        return new Json.Members(members);
    }

    private static Json list(JsonParser parser) {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new Json.Items(items);
    }

    private static void write(JsonGenerator generator, Json document) {
        switch (document) {
            case Json.Members(Map<String, Json> members) -> {
                generator.writeStartObject();
                members.forEach((name, value) -> {
                    generator.writeName(wellFormed(name));
                    write(generator, value);
                });
                generator.writeEndObject();
            }
            case Json.Items(List<Json> items) -> {
                generator.writeStartArray();
                items.forEach(item -> write(generator, item));
                generator.writeEndArray();
            }
            case Json.Text(String value) -> generator.writeString(wellFormed(value));
            case Json.Digits(String value) -> generator.writeNumber(value);
            case Json.Truth(boolean value) -> generator.writeBoolean(value);
            case Json.Absent() -> generator.writeNull();
        }
    }

    /** Half a surrogate pair has no UTF-8 form and would spoil a whole batch; it becomes the replacement character. */
    private static String wellFormed(String text) {
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return text.codePoints()
                        .map(point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
            at += Character.charCount(codePoint);
        }
        return text;
    }
}
