// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import org.jspecify.annotations.Nullable;

/** The JSON Schema of {@code clearml.conf} with the keys of the agent and of its plugins, for editors. */
public final class ConfigurationSchema {

    private static final String ANY_OF = "anyOf";
    private static final String TYPE = "type";
    private static final Map<String, Object> OBJECT = Map.of(TYPE, "object");

    private final Configuration configuration;

    /** The schema of this configuration's keys; its values do not matter. */
    public ConfigurationSchema(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The schema as JSON. */
    public String json() {
        Map<String, Object> root = new LinkedHashMap<>();
        configuration
                .readings()
                .values()
                .forEach(reading -> put(root, reading.setting().key(), leaf(reading)));
        ConfigurationCheck.FREE.forEach(section -> root.put(section, OBJECT));
        Map<String, Object> schema = new LinkedHashMap<>(section(root));
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "clearml.conf");
        return Json.render(Node.of(Origin.DEFAULT, schema));
    }

    private static void put(Map<String, Object> section, String key, Map<String, Object> leaf) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            section.put(key, leaf);
            return;
        }
        Section inner = (Section) section.computeIfAbsent(key.substring(0, dot), _ -> new Section());
        put(inner.members, key.substring(dot + 1), leaf);
    }

    private static final class Section {
        private final Map<String, Object> members = new LinkedHashMap<>();
    }

    private static Map<String, Object> section(Map<String, Object> members) {
        Map<String, Object> properties = new LinkedHashMap<>();
        members.forEach((name, member) ->
                properties.put(name, member instanceof Section inner ? orAbsent(section(inner.members)) : member));
        return Map.of(TYPE, "object", "properties", properties, "additionalProperties", false);
    }

    private static Map<String, Object> leaf(ResolvedSetting<?> reading) {
        Setting<?> setting = reading.setting();
        Map<String, Object> leaf =
                new LinkedHashMap<>(orAbsent(lenient(setting.type().schema())));
        leaf.put("description", setting.description() + " (" + reading.effect().summary() + ")");
        if (reading.effect() instanceof Effect.Retired) {
            leaf.put("deprecated", true);
        }
        defaultOf(setting).ifPresent(value -> leaf.put("default", value));
        return leaf;
    }

    private static <T> Optional<Object> defaultOf(Setting<T> setting) {
        return setting.secret() || setting.required() || setting.defaultValue() instanceof Optional<?>
                ? Optional.empty()
                : Optional.of(setting.type().render(setting.defaultValue()));
    }

    /** Null and an empty text count as absent. */
    private static Map<String, Object> orAbsent(Map<String, Object> schema) {
        return schema.isEmpty() ? schema : Map.of(ANY_OF, List.of(schema, Map.of(TYPE, "null"), Map.of("const", "")));
    }

    /** Quotes do not matter in a file: a version may be a number, a number or a truth value may be a text. */
    private static Map<String, Object> lenient(Map<String, Object> schema) {
        if (schema.containsKey("enum")) {
            return Map.of(TYPE, "string", "description", "one of " + schema.get("enum"));
        }
        return switch (String.valueOf(schema.get(TYPE))) {
            case "string" -> Map.of(TYPE, List.of("string", "number", "boolean"));
            case "integer", "number" -> Map.of(ANY_OF, List.of(schema, pattern("[+-]?[0-9.]+([eE][+-]?[0-9]+)?")));
            case "boolean" -> Map.of(ANY_OF, List.of(schema, Map.of("enum", List.of(0, 1)), pattern("[A-Za-z01]+")));
            case "array" -> array(schema);
            case "object" -> object(schema);
            default -> schema;
        };
    }

    private static Map<String, Object> pattern(String pattern) {
        return Map.of(TYPE, "string", "pattern", "^" + pattern + "$");
    }

    private static Map<String, Object> array(Map<String, Object> schema) {
        Map<String, Object> items = lenient(members(schema.get("items")));
        List<Object> either = new ArrayList<>(List.of(Map.of(TYPE, "array", "items", items)));
        either.add(items);
        return Map.of(ANY_OF, either);
    }

    private static Map<String, Object> object(Map<String, Object> schema) {
        Map<String, Object> object = new LinkedHashMap<>(schema);
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            Map<String, Object> inner = new LinkedHashMap<>();
            properties.forEach((name, member) -> inner.put(String.valueOf(name), orAbsent(lenient(members(member)))));
            object.put("properties", inner);
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            object.put("additionalProperties", orAbsent(lenient(members(values))));
        }
        return object;
    }

    private static Map<String, Object> members(@Nullable Object schema) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (schema instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), member));
        }
        return members;
    }
}
