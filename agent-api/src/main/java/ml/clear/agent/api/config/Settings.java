// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import java.util.Optional;
import ml.clear.agent.api.Stability;

/** The values of settings, read and checked. Immutable; used from several threads. */
@Stability.Incubating(since = "0.1")
public interface Settings {

    /**
     * The value of a setting, or its default.
     *
     * @throws IllegalArgumentException when the reader did not declare this setting
     */
    <T> T get(Setting<T> setting);

    /** Whether a file or a variable gives the setting a value, rather than its default. */
    boolean isSet(Setting<?> setting);

    /**
     * Where the value is set, for messages that ask to correct it: a file with a line, such as {@code /home/ci/clearml.conf:12},
     * or a variable, such as {@code variable CLEARML_WORKER_ID}.
     *
     * @return empty where the default applies, or the place is not known
     * @throws IllegalArgumentException when the reader did not declare this setting
     */
    default Optional<String> place(Setting<?> setting) {
        return Optional.empty();
    }
}
