// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.python.TorchSettings;
import ml.clear.agent.api.vcs.VcsSettings;

/** The settings that the runtime or several package managers read. */
public final class RuntimeSettings {

    /** The name under which the runtime declares its settings. */
    public static final String OWNER = "agent";

    private RuntimeSettings() {}

    /**
     * The declarations of the runtime.
     *
     * @param more those of other packages of the runtime
     */
    public static Declarations declarations(List<Setting<?>> more) {
        Stream<List<Setting<?>>> own = Stream.of(
                ApiSettings.all(),
                SelectionSettings.all(),
                WorkerSettings.all(),
                TaskSettings.all(),
                PythonSettings.all(),
                VcsSettings.all(),
                PackageSettings.all(),
                TorchSettings.all(),
                PrintoutSettings.all(),
                SdkSettings.all());
        return new Declarations(
                OWNER, Vocabulary.used(Stream.concat(own, Stream.of(more)).flatMap(List::stream)));
    }
}
