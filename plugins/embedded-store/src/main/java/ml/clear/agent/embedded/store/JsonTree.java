// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/** Trees from tokens and tokens from trees. The depth of a tree is bounded by the parser's own limit. */
final class JsonTree {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    /** See {@link Json#later}. */
    record Later(Supplier<? extends JsonNode> value) {}

    /** See {@link Json#written}. */
    static final class Written {

        private final byte[] text;

        Written(byte[] text) {
            this.text = text;
        }
    }

    /** See {@link Json#list}. */
    record LaterList(Iterable<? extends JsonNode> elements) {}

    /** The one value of a text, missing when the text is blank; closes the parser. */
    static JsonNode read(JsonParser parser) {
        try (parser) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return MissingNode.getInstance();
            }
            JsonNode value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "one value was expected, more follows");
            }
            return value;
        }
    }

    private static JsonNode value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new StreamReadException(parser, "a value was expected");
        };
    }

    private static ObjectNode object(JsonParser parser) {
        ObjectNode object = NODES.objectNode();
        String name = parser.nextName();
        while (name != null) {
            object.set(name, value(parser, parser.nextToken()));
            name = parser.nextName();
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) {
        ArrayNode array = NODES.arrayNode();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            array.add(value(parser, token));
            token = parser.nextToken();
        }
        return array;
    }

    private static JsonNode whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /** Write a tree. */
    static void write(JsonNode node, JsonGenerator out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject();
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    out.writeName(member.getKey());
                    write(member.getValue(), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                for (JsonNode element : node) {
                    write(element, out);
                }
                out.writeEndArray();
            }
            case STRING -> out.writeString(node.stringValue());
            case NUMBER -> writeNumber(node, out);
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NULL, MISSING -> out.writeNull();
            case POJO -> writeLater(((POJONode) node).getPojo(), out);
            case BINARY -> throw new IllegalArgumentException("no JSON value: " + node);
        }
    }

    private static void writeLater(@Nullable Object later, JsonGenerator out) {
        switch (later) {
            case Later(var value) -> write(value.get(), out);
            case LaterList(var elements) -> {
                out.writeStartArray();
                elements.forEach(element -> write(element, out));
                out.writeEndArray();
            }
            case Written written -> writeReady(written.text, out);
            case null, default -> throw new IllegalArgumentException("no JSON value: " + later);
        }
    }

    private static void writeReady(byte[] text, JsonGenerator out) {
        if (!(out.streamWriteOutputTarget() instanceof OutputStream bytes)) {
            out.writeRawValue(new String(text, StandardCharsets.UTF_8));
            return;
        }
        out.writeRawValue(""); // the value's place in its object or list; its text bypasses the generator
        out.flush();
        try {
            bytes.write(text);
        } catch (IOException e) {
            throw JacksonIOException.construct(e);
        }
    }

    private static void writeNumber(JsonNode node, JsonGenerator out) {
        switch (node.numberType()) {
            case INT -> out.writeNumber(node.intValue());
            case LONG -> out.writeNumber(node.longValue());
            case BIG_INTEGER -> out.writeNumber(node.bigIntegerValue());
            case FLOAT, DOUBLE -> out.writeNumber(node.doubleValue());
            case BIG_DECIMAL -> out.writeNumber(node.decimalValue());
            case null -> throw new IllegalArgumentException("no number: " + node);
        }
    }
}
