// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.secret.Secret;

/** The types of settings. Texts stay texts however they are quoted; numbers and truth values may come as texts. */
@Stability.Incubating(since = "0.1")
public final class ValueTypes {

    /** Any text, trimmed as it stands in the file. A number or truth value is taken as it was written. */
    public static final ValueType<String> TEXT = simple("text", "string", ValueTypes::text, ScalarType::quote);

    /** A whole number. */
    public static final ValueType<Long> INTEGER = simple("integer", "integer", ValueTypes::integer, String::valueOf);

    /** A number, whole or not. */
    public static final ValueType<Double> NUMBER = simple("number", "number", ValueTypes::number, String::valueOf);

    /** True or false, in any case; also yes, no, on, off, 1, 0 and their first letters. */
    public static final ValueType<Boolean> BOOLEAN =
            simple("true or false", "boolean", ValueTypes::bool, String::valueOf);

    /** A file or folder; a leading {@code ~} stands for the user's home. */
    public static final ValueType<Path> PATH =
            simple("path", "string", ValueTypes::path, path -> ScalarType.quote(path.toString()));

    /** An absolute address with a scheme. */
    public static final ValueType<URI> ADDRESS =
            simple("address", "string", ValueTypes::address, uri -> ScalarType.quote(uri.toString()));

    /** A text that is never printed. */
    public static final ValueType<Secret> SECRET = new ScalarType<>(
            "secret text",
            Map.of("type", "string"),
            raw -> Secret.of(text(raw)),
            secret -> ScalarType.quote(Secret.MASK),
            true);

    /** A number of bytes: a bare number, or one with a unit such as {@code 16MiB} or {@code 10GB}. */
    public static final ValueType<Long> BYTES = new ScalarType<>(
            "size in bytes", Map.of("type", List.of("integer", "string")), ValueTypes::bytes, String::valueOf, false);

    /** Any value: a text, or a list or map of these. Its structure is not checked. */
    public static final ValueType<Object> ANY =
            new ScalarType<>("anything", Map.of(), raw -> raw, String::valueOf, false);

    private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-z]*)");

    private ValueTypes() {}

    /** A whole number from {@code min} to {@code max}, both included. */
    public static ValueType<Long> integer(long min, long max) {
        return new CheckedType<>(
                INTEGER,
                value -> min <= value && value <= max,
                "expected a whole number from " + min + " to " + max,
                Map.of("minimum", min, "maximum", max));
    }

    /** A number from {@code min} to {@code max}, both included. */
    public static ValueType<Double> number(double min, double max) {
        return new CheckedType<>(
                NUMBER,
                value -> min <= value && value <= max,
                "expected a number from " + min + " to " + max,
                Map.of("minimum", min, "maximum", max));
    }

    /**
     * A length of time: a bare number in {@code unit}, or a number with a unit, such as {@code 500ms} or {@code 2h}.
     */
    public static ValueType<Duration> duration(ChronoUnit unit) {
        return new ScalarType<>(
                "duration in " + unit.toString().toLowerCase(Locale.ROOT),
                Map.of("type", List.of("number", "string")),
                raw -> duration(raw, unit),
                value -> ScalarType.quote(
                        value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms"),
                false);
    }

    /** One of the constants of an enum, written in lower case with underscores. */
    public static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        Map<String, E> byName = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            byName.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        String names = String.join(", ", byName.keySet());
        return new ScalarType<>(
                "one of " + names,
                Map.of("type", "string", "enum", List.copyOf(byName.keySet())),
                raw -> {
                    E constant = byName.get(text(raw).toLowerCase(Locale.ROOT));
                    if (constant == null) {
                        throw new IllegalArgumentException("allowed are " + names);
                    }
                    return constant;
                },
                constant -> constant.name().toLowerCase(Locale.ROOT),
                false);
    }

    /** A list; a single value counts as a list of one, and a variable is split into words as a shell does. */
    public static <T> ValueType<List<T>> list(ValueType<T> element) {
        return new ListType<>(element);
    }

    /** A map with free keys. */
    public static <T> ValueType<Map<String, T>> map(ValueType<T> value) {
        return new MapType<>(value);
    }

    /** A group of settings whose keys are relative to it, such as one entry of a list of credentials. */
    public static ValueType<Settings> group(List<Setting<?>> members) {
        return new GroupType(List.copyOf(members));
    }

    /** A value that may be absent; an empty text counts as absent. For a setting whose default can be taken away. */
    public static <T> ValueType<Optional<T>> optional(ValueType<T> type) {
        return new OptionalType<>(type);
    }

    private static <T> ValueType<T> simple(
            String name, String jsonType, Function<Object, T> parser, Function<T, String> renderer) {
        return new ScalarType<>(name, Map.of("type", jsonType), parser, renderer, false);
    }

    private static String text(Object raw) {
        if (raw instanceof List<?> || raw instanceof Map<?, ?>) {
            throw new IllegalArgumentException("expected a single value");
        }
        return raw.toString();
    }

    private static long integer(Object raw) {
        if (raw instanceof Long whole) {
            return whole;
        }
        try {
            // existing files may write 1e3 or 5.0
            return new BigDecimal(text(raw).strip()).longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("expected a whole number", e);
        }
    }

    private static double number(Object raw) {
        try {
            return Double.parseDouble(text(raw).strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number", e);
        }
    }

    private static boolean bool(Object raw) {
        return switch (text(raw).strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }

    private static Path path(Object raw) {
        String text = text(raw).strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("expected a path");
        }
        try {
            String home = System.getProperty("user.home");
            if (text.equals("~")) {
                return Path.of(home);
            }
            return text.startsWith("~/") ? Path.of(home, text.substring(2)) : Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("expected a path", e);
        }
    }

    private static URI address(Object raw) {
        try {
            URI uri = URI.create(text(raw).strip());
            // "host:8008" reads as scheme and path, so the slashes are asked for
            if (uri.isAbsolute() && uri.getRawSchemeSpecificPart().startsWith("//")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected an address such as https://host:8008", e);
        }
        throw new IllegalArgumentException("expected an address such as https://host:8008");
    }

    private static Duration duration(Object raw, ChronoUnit bare) {
        Matcher quantity = quantity(raw, "expected a duration such as 30s, 5m or 2h");
        ChronoUnit unit = switch (quantity.group(2).toLowerCase(Locale.ROOT)) {
            case "" -> bare;
            case "ms", "milli", "millis", "millisecond", "milliseconds" -> ChronoUnit.MILLIS;
            case "s", "sec", "second", "seconds" -> ChronoUnit.SECONDS;
            case "m", "min", "minute", "minutes" -> ChronoUnit.MINUTES;
            case "h", "hour", "hours" -> ChronoUnit.HOURS;
            case "d", "day", "days" -> ChronoUnit.DAYS;
            default -> throw new IllegalArgumentException("expected a duration in ms, s, m, h or d");
        };
        double nanos =
                Double.parseDouble(quantity.group(1)) * unit.getDuration().toNanos();
        return Duration.ofNanos(Math.round(nanos));
    }

    private static long bytes(Object raw) {
        Matcher quantity = quantity(raw, "expected a size such as 16MiB or 10GB");
        long unit = switch (quantity.group(2).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1L;
            case "k", "kib" -> 1L << 10;
            case "kb" -> 1_000L;
            case "m", "mib" -> 1L << 20;
            case "mb" -> 1_000_000L;
            case "g", "gib" -> 1L << 30;
            case "gb" -> 1_000_000_000L;
            case "t", "tib" -> 1L << 40;
            case "tb" -> 1_000_000_000_000L;
            default -> throw new IllegalArgumentException("expected a size in B, KiB, MiB, GiB, KB, MB or GB");
        };
        return Math.round(Double.parseDouble(quantity.group(1)) * unit);
    }

    private static Matcher quantity(Object raw, String expected) {
        Matcher matcher = QUANTITY.matcher(text(raw).strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(expected);
        }
        return matcher;
    }
}
