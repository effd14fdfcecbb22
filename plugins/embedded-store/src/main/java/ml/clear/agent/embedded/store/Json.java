// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/**
 * JSON as a tree. Lenient where Python is: {@code NaN} and {@code Infinity} are numbers. Safe for several threads.
 *
 * <p>The tree is read and written here and not by an object mapper, which would cost a server's start some hundred
 * classes and each short text more than its parsing.
 */
public final class Json {

    private static final int LONGEST_TEXT = 64 << 20;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    private Json() {}

    /** A fresh object. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** A fresh list. */
    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    /** A list whose elements are made while it is written, and only then. */
    public static JsonNode list(Iterable<? extends JsonNode> elements) {
        return NODES.pojoNode(new JsonTree.LaterList(elements));
    }

    /** The elements of a list, or of one that {@link #list} made. */
    public static Iterable<? extends JsonNode> elements(JsonNode list) {
        return list instanceof POJONode node && node.getPojo() instanceof JsonTree.LaterList(var elements)
                ? elements
                : list;
    }

    /** A value that is made while it is written, and only then. */
    public static JsonNode later(Supplier<? extends JsonNode> value) {
        return NODES.pojoNode(new JsonTree.Later(value));
    }

    /** A value whose text is ready, where a tree would be large. */
    static JsonNode written(byte[] text) {
        return NODES.pojoNode(new JsonTree.Written(text));
    }

    /**
     * Read one value.
     *
     * @throws JacksonException when the text is not JSON
     */
    public static JsonNode parse(byte[] text) {
        return JsonTree.read(FACTORY.createParser(ObjectReadContext.empty(), text));
    }

    /** Read one value from a part of a buffer. */
    public static JsonNode parse(byte[] buffer, int from, int length) {
        return JsonTree.read(FACTORY.createParser(ObjectReadContext.empty(), buffer, from, length));
    }

    /** Read one value from a stream. */
    public static JsonNode parse(InputStream in) {
        return JsonTree.read(FACTORY.createParser(ObjectReadContext.empty(), in));
    }

    /** Read an object that this program wrote. */
    public static ObjectNode parseObject(String text) {
        return (ObjectNode) parseText(text);
    }

    /** Read a value that this program wrote. */
    static JsonNode parseText(String text) {
        return JsonTree.read(FACTORY.createParser(ObjectReadContext.empty(), text));
    }

    /** The value as text. */
    public static String text(JsonNode node) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            JsonTree.write(node, generator);
        }
        return text.toString();
    }

    /** The value as UTF-8. */
    public static byte[] bytes(JsonNode node) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(node, bytes);
        return bytes.toByteArray();
    }

    /** Write the value as UTF-8; the stream stays open. */
    public static void write(JsonNode node, OutputStream out) {
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            JsonTree.write(node, generator);
        }
    }

    /** Put a copy of the members of {@code source} into {@code target}, where they replace those of the same name. */
    public static void merge(ObjectNode target, ObjectNode source) {
        source.properties().forEach(member -> target.set(member.getKey(), member.getValue()));
    }

    /** The object that a member holds; one that is absent or of another type is put there first. */
    public static ObjectNode objectIn(ObjectNode parent, String member) {
        if (parent.get(member) instanceof ObjectNode found) {
            return found;
        }
        return parent.putObject(member);
    }

    /** The list that a member holds; one that is absent or of another type is put there first. */
    public static ArrayNode arrayIn(ObjectNode parent, String member) {
        if (parent.get(member) instanceof ArrayNode found) {
            return found;
        }
        return parent.putArray(member);
    }
}
