// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A block whose members are settings of their own. */
record GroupType(List<Setting<?>> members) implements ValueType<Settings> {

    @Override
    public String name() {
        return "group";
    }

    @Override
    public Settings parse(Object raw) {
        if (!(raw instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("expected a group { key: value }");
        }
        Map<Setting<?>, Object> values = new LinkedHashMap<>();
        List<String> known = members.stream().map(Setting::key).toList();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!known.contains(String.valueOf(entry.getKey()))) {
                throw new IllegalArgumentException(
                        "unknown member '" + entry.getKey() + "'; known are " + String.join(", ", known));
            }
        }
        for (Setting<?> member : members) {
            Object value = map.get(member.key());
            if (value == null && member.required()) {
                throw new IllegalArgumentException(
                        "member '" + member.key() + "' is required: " + member.description());
            }
            if (value != null) {
                try {
                    values.put(member, member.type().parse(value));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("member '" + member.key() + "': " + e.getMessage(), e);
                }
            }
        }
        return new Group(members, values);
    }

    @Override
    public String render(Settings value) {
        StringBuilder text = new StringBuilder("{");
        for (Setting<?> member : members) {
            if (value.isSet(member)) {
                text.append(text.length() == 1 ? " " : ", ")
                        .append(member.key())
                        .append(": ");
                text.append(renderMember(value, member));
            }
        }
        return text.append(" }").toString();
    }

    private static <T> String renderMember(Settings value, Setting<T> member) {
        return member.type().render(value.get(member));
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        members.forEach(member -> properties.put(member.key(), member.type().schema()));
        return Map.of("type", "object", "properties", properties, "additionalProperties", false);
    }

    private record Group(List<Setting<?>> members, Map<Setting<?>, Object> values) implements Settings {

        @Override
        @SuppressWarnings("unchecked") // each value was parsed by the type of its setting
        public <T> T get(Setting<T> setting) {
            if (!members.contains(setting)) {
                throw new IllegalArgumentException("this group does not declare '" + setting.key() + "'");
            }
            Object value = values.get(setting);
            return value == null ? setting.defaultValue() : (T) value;
        }

        @Override
        public boolean isSet(Setting<?> setting) {
            return values.containsKey(setting);
        }
    }
}
