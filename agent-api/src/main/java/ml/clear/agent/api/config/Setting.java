// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;
import org.jspecify.annotations.Nullable;

/**
 * One key of {@code clearml.conf}, declared once by the code that reads it.
 *
 * <p>Parsing, validation, {@code config explain}, the JSON Schema and the reference page all come from the declaration.
 *
 * @param <T> the type of the value; {@code Optional} for a setting without default
 */
@Stability.Incubating(since = "0.1")
public final class Setting<T> {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*");

    private final String key;
    private final ValueType<T> type;
    private final @Nullable T defaultValue;
    private final String description;
    private final List<String> environment;

    private Setting(
            String key, ValueType<T> type, @Nullable T defaultValue, String description, List<String> environment) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("a key has words joined by dots, got '" + key + "'");
        }
        if (description.isBlank()) {
            throw new IllegalArgumentException("setting '" + key + "' has no description");
        }
        this.key = key;
        this.type = Objects.requireNonNull(type);
        this.defaultValue = defaultValue;
        this.description = description;
        this.environment = List.copyOf(environment);
    }

    /**
     * A setting with a default.
     *
     * @param key the whole key, such as {@code agent.package_manager.type}
     * @param defaultValue the value where no file and no variable gives one
     * @param description one sentence for people, without full stop
     */
    public static <T> Setting<T> of(String key, ValueType<T> type, T defaultValue, String description) {
        return new Setting<>(key, type, Objects.requireNonNull(defaultValue), description, List.of());
    }

    /** A setting that may be absent. */
    public static <T> Setting<Optional<T>> optional(String key, ValueType<T> type, String description) {
        return new Setting<>(key, ValueTypes.optional(type), Optional.empty(), description, List.of());
    }

    /**
     * A setting that must be given before anything of its plugin is used; as a member of a group, in each value of the group.
     *
     * <p>While it is not given the configuration holds: the error comes when a key selects something of the plugin, names
     * the setting and repeats its description. {@link Settings#get} throws until then.
     */
    public static <T> Setting<T> required(String key, ValueType<T> type, String description) {
        return new Setting<>(key, type, null, description, List.of());
    }

    /** The same setting, which the first of these environment variables that has a value overrides. */
    public Setting<T> environment(String... variables) {
        return new Setting<>(key, type, defaultValue, description, List.of(variables));
    }

    /** The whole key. */
    public String key() {
        return key;
    }

    /** How values are read. */
    public ValueType<T> type() {
        return type;
    }

    /**
     * The value where none is given.
     *
     * @throws IllegalStateException when the setting is {@link #required()}
     */
    public T defaultValue() {
        T value = defaultValue;
        if (value == null) {
            throw new IllegalStateException("setting '" + key + "' is required and has no default");
        }
        return value;
    }

    /** Whether a value must be given. */
    public boolean required() {
        return defaultValue == null;
    }

    /** What it does, in one sentence. */
    public String description() {
        return description;
    }

    /** The environment variables that override it, the strongest first. */
    public List<String> environment() {
        return environment;
    }

    /** Whether values must never be printed. */
    public boolean secret() {
        return type.secret();
    }

    /** The key alone. */
    @Override
    public String toString() {
        return key;
    }
}
