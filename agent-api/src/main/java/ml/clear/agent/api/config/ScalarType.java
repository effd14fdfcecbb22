// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.Map;
import java.util.function.Function;

/** A type of single values. */
record ScalarType<T>(
        String name,
        Map<String, Object> schema,
        Function<Object, T> parser,
        Function<T, String> renderer,
        boolean secret)
        implements ValueType<T> {

    @Override
    public T parse(Object raw) {
        return parser.apply(raw);
    }

    @Override
    public String render(T value) {
        return renderer.apply(value);
    }

    /** A text in quotes, as it would stand in a file. */
    static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
