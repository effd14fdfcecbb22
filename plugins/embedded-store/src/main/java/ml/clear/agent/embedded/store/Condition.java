// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A condition in SQL with its arguments. The document's table is called {@code t}.
 *
 * @param sql its text
 * @param arguments the values of its question marks, in order
 */
public record Condition(String sql, List<Object> arguments) {

    /** Every document. */
    public static final Condition ALL = of("1");

    /** Copies the arguments. */
    public Condition {
        arguments = List.copyOf(arguments);
    }

    /** A condition. */
    public static Condition of(String sql, Object... arguments) {
        return new Condition(sql, Arrays.asList(arguments));
    }

    /** Whether a column has one of some values, of which there is at least one. */
    public static Condition in(String column, List<String> values) {
        return new Condition(column + " IN (?" + ", ?".repeat(values.size() - 1) + ")", List.copyOf(values));
    }

    /** All of some conditions; of none: every document. */
    static Condition all(List<Condition> conditions) {
        return joined(conditions, " AND ", "1");
    }

    /** One of some conditions; of none: no document. */
    static Condition any(List<Condition> conditions) {
        return joined(conditions, " OR ", "0");
    }

    private static Condition joined(List<Condition> conditions, String word, String empty) {
        if (conditions.isEmpty()) {
            return of(empty);
        }
        return new Condition(
                conditions.stream().map(Condition::sql).collect(Collectors.joining(word, "(", ")")),
                conditions.stream()
                        .flatMap(condition -> condition.arguments.stream())
                        .toList());
    }

    /** Both conditions. */
    public Condition and(Condition other) {
        return all(List.of(this, other));
    }

    /** The opposite; what is unknown counts as false. */
    Condition not() {
        return new Condition("NOT coalesce((" + sql + "), 0)", arguments);
    }

    /** This condition inside other text: {@code before} and {@code after} hold no arguments. */
    public Condition inside(String before, String after) {
        return new Condition(before + sql + after, arguments);
    }

    /** The arguments of some parts of a statement together. */
    static Object[] arguments(Condition... parts) {
        List<Object> all = new ArrayList<>();
        for (Condition part : parts) {
            all.addAll(part.arguments);
        }
        return all.toArray();
    }
}
