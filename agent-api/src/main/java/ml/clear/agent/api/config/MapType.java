// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map with free names. */
record MapType<T>(ValueType<T> value) implements ValueType<Map<String, T>> {

    @Override
    public String name() {
        return "map of " + value.name();
    }

    @Override
    public Map<String, T> parse(Object raw) {
        if (!(raw instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("expected a map { key: value }");
        }
        Map<String, T> parsed = new LinkedHashMap<>();
        map.forEach((name, entry) -> {
            if (entry != null) {
                parsed.put(String.valueOf(name), value.parse(entry));
            }
        });
        return Map.copyOf(parsed);
    }

    @Override
    public String render(Map<String, T> map) {
        StringBuilder text = new StringBuilder("{");
        map.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> text.append(text.length() == 1 ? " " : ", ")
                        .append(ScalarType.quote(entry.getKey()))
                        .append(": ")
                        .append(value.render(entry.getValue())));
        return text.append(" }").toString();
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("type", "object", "additionalProperties", value.schema());
    }

    @Override
    public boolean secret() {
        return value.secret();
    }
}
