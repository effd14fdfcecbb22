// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A list of values of one type; an empty text is an empty list. */
record ListType<T>(ValueType<T> element) implements ValueType<List<T>> {

    @Override
    public String name() {
        return "list of " + element.name();
    }

    @Override
    public List<T> parse(Object raw) {
        if (!(raw instanceof List<?> list)) {
            return raw.equals("") ? List.of() : List.of(element.parse(raw));
        }
        List<T> parsed = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            try {
                parsed.add(element.parse(list.get(i)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("entry " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(parsed);
    }

    @Override
    public List<T> parseVariable(String text) {
        return parse(ShellWords.split(text));
    }

    @Override
    public String render(List<T> value) {
        return value.stream().map(element::render).toList().toString();
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("type", "array", "items", element.schema());
    }

    @Override
    public boolean secret() {
        return element.secret();
    }

    @Override
    public List<Setting<?>> members() {
        return element.members();
    }
}
