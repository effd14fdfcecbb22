// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class JsonTest {

    private static final String LETTERS = "aZ\"\\/\b\f\n\r\t\u0000\u001f\u007f äß€\ud83d\ude00\u2028";

    private final Random random = new Random(5);

    @Test
    void whatIsWrittenIsReadBackFromEverySource() {
        for (int i = 0; i < 300; i++) {
            ObjectNode tree = Json.object();
            grow(tree, 4);
            byte[] bytes = Json.bytes(tree);
            assertThat(Json.parse(bytes)).isEqualTo(tree);
            assertThat(Json.parse(new ByteArrayInputStream(bytes))).isEqualTo(tree);
            assertThat(Json.parseObject(Json.text(tree))).isEqualTo(tree);
            byte[] among = new byte[bytes.length + 20];
            System.arraycopy(bytes, 0, among, 10, bytes.length);
            assertThat(Json.parse(among, 10, bytes.length)).isEqualTo(tree);
        }
    }

    private void grow(ObjectNode object, int depth) {
        for (int i = random.nextInt(5); i >= 0; i--) {
            String name = text(12);
            switch (random.nextInt(depth > 0 ? 9 : 7)) {
                case 0 -> object.put(name, text(40));
                case 1 -> object.put(name, random.nextLong());
                case 2 -> object.put(name, random.nextInt());
                case 3 -> object.put(name, random.nextGaussian());
                case 4 -> object.put(name, random.nextBoolean());
                case 5 -> object.putNull(name);
                case 6 -> object.put(name, text(20_000));
                case 7 -> grow(object.putObject(name), depth - 1);
                default -> {
                    ArrayNode list =
                            object.putArray(name).add(text(3)).addNull().add(1.5);
                    grow(list.addObject(), depth - 1);
                }
            }
        }
    }

    private String text(int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            int at = random.nextInt(LETTERS.codePointCount(0, LETTERS.length()));
            text.appendCodePoint(LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, at)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "{}{}", "{} x", "[1,]", "{\"a\"}", "nul", "{\"a\":1,}", "\"\n\"", "01", "{'a':1}", "]"})
    void whatIsNotOneValueIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void blankTextHasNoValue() {
        assertThat(Json.parse(" \n".getBytes(StandardCharsets.UTF_8)).isMissingNode())
                .isTrue();
    }

    @Test
    void pythonsNumbersAreUnderstood() {
        JsonNode tree =
                Json.parse("[NaN,-Infinity,1e308,12345678901234567890,-0.0,1E+2]".getBytes(StandardCharsets.UTF_8));
        assertThat(tree.get(0).doubleValue()).isNaN();
        assertThat(tree.get(1).doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(tree.get(2).doubleValue()).isEqualTo(1e308);
        assertThat(tree.get(3).bigIntegerValue()).hasToString("12345678901234567890");
        assertThat(tree.get(5).doubleValue()).isEqualTo(100.0);
    }
}
