// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import org.jspecify.annotations.Nullable;

/** The values of all declared settings, with where they come from. Immutable; used from several threads. */
public final class Configuration implements Settings {

    private final Map<String, ResolvedSetting<?>> readings;
    private final Node.Group effective;
    private final LoadedConfiguration loaded;

    /**
     * A configuration.
     *
     * @param readings by key, in the order of keys; not changed any more
     * @param effective what files and variables set, for all keys, declared or not
     */
    Configuration(Map<String, ResolvedSetting<?>> readings, Node.Group effective, LoadedConfiguration loaded) {
        this.readings = readings;
        this.effective = effective;
        this.loaded = loaded;
    }

    /**
     * The value of a setting, or its default. Settings are the same when their keys are.
     *
     * @throws IllegalArgumentException when the key is not declared
     */
    @Override
    @SuppressWarnings("unchecked") // each reading holds a value of its own setting's type
    public <T> T get(Setting<T> setting) {
        ResolvedSetting<?> reading = reading(setting);
        if (reading.setting() == setting) {
            return given(setting, (T) reading.value());
        }
        // Another copy of the declaration, such as that of a library which two plugins each bring along.
        return given(
                setting,
                new SettingReader(loaded.root(), loaded.environment(), _ -> {})
                        .read(reading.owner(), setting, reading.effect())
                        .value());
    }

    private static <T> T given(Setting<T> setting, @Nullable T value) {
        if (value == null) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    setting.key() + " is required and not given: " + setting.description()
                            + "; set it in clearml.conf");
        }
        return value;
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return reading(setting).isSet();
    }

    /** Where the value of a setting comes from. */
    public Origin origin(Setting<?> setting) {
        return reading(setting).origin();
    }

    @Override
    public Optional<String> place(Setting<?> setting) {
        ResolvedSetting<?> reading = reading(setting);
        return reading.isSet() ? Optional.of(reading.origin().toString()) : Optional.empty();
    }

    /** The declaration of a key. */
    public Optional<Setting<?>> setting(String key) {
        return Optional.ofNullable(readings.get(key)).map(ResolvedSetting::setting);
    }

    /** The files that were read, the weakest first. */
    public List<Path> files() {
        return loaded.files();
    }

    /** Every secret that the configuration holds, for the redactor of logs. */
    public Collection<Secret> secrets() {
        List<Secret> secrets = new ArrayList<>();
        readings.values().forEach(reading -> collect(reading, secrets));
        new Masking(this).secretsWithoutType(effective, secrets);
        return secrets;
    }

    private static void collect(ResolvedSetting<?> reading, List<Secret> secrets) {
        collect(reading.value(), reading.setting(), secrets);
    }

    private static void collect(@Nullable Object value, Setting<?> setting, List<Secret> secrets) {
        switch (value) {
            case Secret secret when !secret.isEmpty() -> secrets.add(secret);
            case Optional<?> optional -> collect(optional.orElse(null), setting, secrets);
            case Collection<?> list -> list.forEach(element -> collect(element, setting, secrets));
            case Map<?, ?> map -> map.values().forEach(element -> collect(element, setting, secrets));
            case Settings group ->
                setting.type().members().forEach(member -> collect(group.get(member), member, secrets));
            case null, default -> {}
        }
    }

    private ResolvedSetting<?> reading(Setting<?> setting) {
        ResolvedSetting<?> reading = readings.get(setting.key());
        if (reading == null) {
            throw new IllegalArgumentException("setting '" + setting.key() + "' is not declared");
        }
        return reading;
    }

    Map<String, ResolvedSetting<?>> readings() {
        return readings;
    }

    Node.Group effective() {
        return effective;
    }

    Map<String, String> environment() {
        return loaded.environment();
    }
}
