// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value that may be absent; an empty text counts as absent. */
record OptionalType<T>(ValueType<T> type) implements ValueType<Optional<T>> {

    @Override
    public String name() {
        return type.name();
    }

    @Override
    public Optional<T> parse(Object raw) {
        return raw.equals("") ? Optional.empty() : Optional.of(type.parse(raw));
    }

    @Override
    public Optional<T> parseVariable(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(type.parseVariable(text));
    }

    @Override
    public String render(Optional<T> value) {
        return value.map(type::render).orElse("null");
    }

    @Override
    public Map<String, Object> schema() {
        return type.schema();
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
