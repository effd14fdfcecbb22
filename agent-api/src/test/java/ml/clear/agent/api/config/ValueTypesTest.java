// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {

    private enum Speed {
        SLOW,
        VERY_FAST
    }

    private static void refuses(ValueType<?> type, Object raw, String message) {
        assertThatThrownBy(() -> type.parse(raw))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"True, true", "yes, true", "ON, true", "1, true", "f, false", "No, false", "off, false", "0, false"})
    void truthValuesComeInManyWords(String text, boolean expected) {
        assertThat(ValueTypes.BOOLEAN.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "+5, 5", "010, 10", "1e3, 1000", "5.0, 5", "-1, -1", "' 7 ', 7"})
    void wholeNumbersComeInManySpellings(String text, long expected) {
        assertThat(ValueTypes.INTEGER.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "five", "1.5", "99999999999999999999"})
    void whatIsNoWholeNumberIsRefused(String text) {
        refuses(ValueTypes.INTEGER, text, "expected a whole number");
    }

    @ParameterizedTest
    @CsvSource({"5, PT5S", "0.5, PT0.5S", "500ms, PT0.5S", "10 m, PT10M", "2 hours, PT2H", "1d, PT24H"})
    void durationsHaveAUnitOrTakeThatOfTheirType(String text, Duration expected) {
        assertThat(ValueTypes.duration(ChronoUnit.SECONDS).parse(text)).isEqualTo(expected);
    }

    @Test
    void durationsThatAreNoneAreRefused() {
        refuses(ValueTypes.duration(ChronoUnit.SECONDS), "5 parsecs", "expected a duration in ms, s, m, h or d");
        refuses(ValueTypes.duration(ChronoUnit.SECONDS), "-5", "expected a duration such as 30s, 5m or 2h");
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "10B, 10", "1k, 1024", "16MiB, 16777216", "10GB, 10000000000", "1.5 KiB, 1536"})
    void sizesHaveAUnitOrAreBytes(String text, long expected) {
        assertThat(ValueTypes.BYTES.parse(text)).isEqualTo(expected);
    }

    @Test
    void aTildeIsTheHomeFolder() {
        String home = System.getProperty("user.home");
        assertThat(ValueTypes.PATH.parse("~/x")).isEqualTo(Path.of(home, "x"));
        assertThat(ValueTypes.PATH.parse("~")).isEqualTo(Path.of(home));
        assertThat(ValueTypes.PATH.parse("~ann/x")).isEqualTo(Path.of("~ann/x"));
        refuses(ValueTypes.PATH, " ", "expected a path");
        refuses(ValueTypes.PATH, "a\0b", "expected a path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:8008", "host", "/path", "http:", "", "http://a b"})
    void addressesNeedSchemeAndHost(String text) {
        refuses(ValueTypes.ADDRESS, text, "expected an address such as https://host:8008");
    }

    @Test
    void addressesOfStorageAreAddresses() {
        assertThat(ValueTypes.ADDRESS.parse("s3://my_bucket/path")).hasToString("s3://my_bucket/path");
        assertThat(ValueTypes.ADDRESS.parse(" http://host:8008/ ")).hasToString("http://host:8008/");
    }

    @Test
    void choicesAreNamedInTheMessage() {
        ValueType<Speed> type = ValueTypes.choice(Speed.class);
        assertThat(type.parse("Very_Fast")).isEqualTo(Speed.VERY_FAST);
        assertThat(type.render(Speed.VERY_FAST)).isEqualTo("very_fast");
        refuses(type, "faster", "allowed are slow, very_fast");
    }

    @Test
    void secretsAreNeverRendered() {
        assertThat(ValueTypes.SECRET.parse("text").reveal()).isEqualTo("text");
        assertThat(ValueTypes.SECRET.render(Secret.of("text"))).isEqualTo("\"****\"");
        assertThat(ValueTypes.optional(ValueTypes.list(ValueTypes.SECRET)).secret())
                .isTrue();
        assertThat(ValueTypes.map(ValueTypes.SECRET).render(Map.of("k", Secret.of("text"))))
                .isEqualTo("{ \"k\": \"****\" }");
    }

    @Test
    void listsTakeASingleValueAndVariablesAreSplitIntoWords() {
        ValueType<List<Long>> type = ValueTypes.list(ValueTypes.INTEGER);
        assertThat(type.parse("5")).containsExactly(5L);
        assertThat(type.parse(List.of("1", 2L))).containsExactly(1L, 2L);
        assertThat(type.parseVariable("1 '2'")).containsExactly(1L, 2L);
        refuses(type, List.of("1", "x"), "entry 2: expected a whole number");
        assertThat(ValueTypes.optional(type).parseVariable("3 4")).contains(List.of(3L, 4L));
    }

    @Test
    void emptyTextIsAbsent() {
        assertThat(ValueTypes.optional(ValueTypes.PATH).parse("")).isEmpty();
        assertThat(ValueTypes.optional(ValueTypes.TEXT).parse("x")).contains("x");
        assertThat(ValueTypes.optional(ValueTypes.TEXT).render(Optional.empty()))
                .isEqualTo("null");
    }

    @Test
    void singleValuesAreNoListsNorMaps() {
        refuses(ValueTypes.TEXT, List.of("x"), "expected a single value");
        refuses(ValueTypes.BOOLEAN, Map.of(), "expected a single value");
        refuses(ValueTypes.map(ValueTypes.TEXT), "x", "expected a map { key: value }");
    }

    @Test
    void groupsReadTheirMembersAndRefuseOthers() {
        Setting<String> name = Setting.of("name", ValueTypes.TEXT, "nobody", "Name");
        Setting<Optional<Long>> age = Setting.optional("age", ValueTypes.INTEGER, "Age");
        ValueType<Settings> type = ValueTypes.group(List.of(name, age));
        Settings group = type.parse(Map.of("age", "7"));
        assertThat(group.get(name)).isEqualTo("nobody");
        assertThat(group.get(age)).contains(7L);
        assertThat(group.isSet(name)).isFalse();
        assertThat(type.render(group)).isEqualTo("{ age: 7 }");
        refuses(type, Map.of("size", "1"), "unknown member 'size'; known are name, age");
        refuses(type, Map.of("age", "old"), "member 'age': expected a whole number");
        Setting<String> other = Setting.of("other", ValueTypes.TEXT, "", "Other");
        assertThatThrownBy(() -> group.get(other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void schemasDescribeTheShape() {
        assertThat(ValueTypes.list(ValueTypes.choice(Speed.class)).schema())
                .isEqualTo(Map.of(
                        "type", "array", "items", Map.of("type", "string", "enum", List.of("slow", "very_fast"))));
        assertThat(ValueTypes.group(List.of(Setting.of("a", ValueTypes.BOOLEAN, true, "A")))
                        .schema())
                .containsEntry("additionalProperties", false);
    }
}
