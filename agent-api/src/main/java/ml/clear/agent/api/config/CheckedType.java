// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A type that allows fewer values.
 *
 * @param expectation what the rule asks for, as it continues the words "key is 'value'; "
 * @param limits what the rule adds to the schema
 */
record CheckedType<T>(ValueType<T> type, Predicate<? super T> rule, String expectation, Map<String, Object> limits)
        implements ValueType<T> {

    @Override
    public String name() {
        return type.name();
    }

    @Override
    public T parse(Object raw) {
        return checked(type.parse(raw));
    }

    @Override
    public T parseVariable(String text) {
        return checked(type.parseVariable(text));
    }

    private T checked(T value) {
        if (!rule.test(value)) {
            throw new IllegalArgumentException(expectation);
        }
        return value;
    }

    @Override
    public String render(T value) {
        return type.render(value);
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>(type.schema());
        schema.putAll(limits);
        return schema;
    }

    @Override
    public boolean secret() {
        return type.secret();
    }

    @Override
    public List<Setting<?>> members() {
        return type.members();
    }
}
