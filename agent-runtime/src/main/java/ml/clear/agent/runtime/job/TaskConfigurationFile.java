// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.runtime.config.TaskConfiguration;

/** Writes the configuration that the SDK in a task's process reads. It holds secrets, so the file is its owner's alone. */
public final class TaskConfigurationFile {

    private final TaskConfiguration configuration;
    private final Map<String, ?> overrides;

    /**
     * The configuration.
     *
     * @param overrides keys that have other values for the task, such as the address of the server in use
     */
    public TaskConfigurationFile(TaskConfiguration configuration, Map<String, ?> overrides) {
        this.configuration = configuration;
        this.overrides = Map.copyOf(overrides);
    }

    void write(Path file) {
        byte[] text = configuration.render(overrides).getBytes(StandardCharsets.UTF_8);
        try {
            OwnerOnly.write(file, text);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot write the task's configuration to '" + file + "': " + e, e);
        }
    }
}
