// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;

/** Settings with values from a test; all others have their defaults. Immutable. */
public final class TestSettings implements Settings {

    private final Map<String, Object> values;

    private TestSettings(Map<String, Object> values) {
        this.values = Map.copyOf(values);
    }

    /** Only defaults. */
    public static TestSettings defaults() {
        return new TestSettings(Map.of());
    }

    /**
     * The same with one more value, read as from a file.
     *
     * @param raw as {@link ml.clear.agent.api.config.ValueType#parse} takes it
     */
    public TestSettings with(Setting<?> setting, Object raw) {
        Map<String, Object> more = new HashMap<>(values);
        more.put(setting.key(), setting.type().parse(raw));
        return new TestSettings(more);
    }

    @Override
    @SuppressWarnings("unchecked") // each value was read by the type of the setting with this key
    public <T> T get(Setting<T> setting) {
        Object value = values.get(setting.key());
        return value == null ? setting.defaultValue() : (T) value;
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return values.containsKey(setting.key());
    }
}
