// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.io.InputStream;
import java.io.OutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as a tree. Lenient where Python is: {@code NaN} and {@code Infinity} are numbers. Safe for several threads. */
public final class Json {

    private static final int LONGEST_TEXT = 64 << 20;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_TEXT)
                            .build())
                    .build())
            .build();

    private static final ObjectWriter STREAMING = MAPPER.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET);

    private Json() {}

    /** A fresh object. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** A fresh list. */
    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    /**
     * Read one value.
     *
     * @throws JacksonException when the text is not JSON
     */
    public static JsonNode parse(byte[] text) {
        return MAPPER.readTree(text);
    }

    /** Read one value from a part of a buffer. */
    public static JsonNode parse(byte[] buffer, int from, int length) {
        return MAPPER.readTree(buffer, from, length);
    }

    /** Read one value from a stream. */
    public static JsonNode parse(InputStream in) {
        return MAPPER.readTree(in);
    }

    /** Read an object that this program wrote. */
    public static ObjectNode parseObject(String text) {
        return (ObjectNode) MAPPER.readTree(text);
    }

    /** The value as text. */
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** The value as UTF-8. */
    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /** Write the value as UTF-8; the stream stays open. */
    public static void write(JsonNode node, OutputStream out) {
        STREAMING.writeValue(out, node);
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
