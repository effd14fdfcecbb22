// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import ml.clear.agent.api.Stability;

/**
 * How the values of a setting are read, checked, shown and described.
 *
 * <p>Implementations are immutable and used from several threads.
 *
 * @param <T> what reading gives
 * @see ValueTypes
 */
@Stability.Incubating(since = "0.1")
public interface ValueType<T> {

    /** A short name for messages and reference pages, such as {@code text} or {@code duration in seconds}. */
    String name();

    /**
     * Read a value.
     *
     * @param raw a {@code String}, {@code Boolean}, {@code Long}, {@code Double}, or a {@code List} or {@code Map} (with
     *     text keys) of these
     * @throws IllegalArgumentException when the value does not fit; the message says what is allowed and continues the
     *     words "key is 'value'; ", such as {@code "allowed are conda, pip"}
     */
    T parse(Object raw);

    /**
     * Read the text of an environment variable.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    default T parseVariable(String text) {
        return parse(text);
    }

    /** The value as it would be written in a configuration file; a secret comes out masked. */
    String render(T value);

    /** The type as a fragment of a JSON Schema. */
    Map<String, Object> schema();

    /**
     * The same type for values that a rule allows.
     *
     * @param rule whether a value is allowed; quick, and the same for the same value
     * @param expectation what is allowed, which continues the words "key is 'value'; ", such as {@code "expected an even
     *     number"}
     */
    default ValueType<T> checked(Predicate<? super T> rule, String expectation) {
        return new CheckedType<>(this, rule, expectation, Map.of());
    }

    /** Whether values must never be printed. */
    default boolean secret() {
        return false;
    }

    /** The settings that each member of the value declares, for a type that has members; empty for others. */
    default List<Setting<?>> members() {
        return List.of();
    }
}
