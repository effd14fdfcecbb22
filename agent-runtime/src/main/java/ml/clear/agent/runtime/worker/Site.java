// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.server.ClearmlServer;

/**
 * What supervising executions needs.
 *
 * @param server the server
 * @param launcher starts execute processes
 * @param executions the folder of all executions
 * @param variables what all execute processes get besides the agent's own variables
 * @param console where the daemon and the execute processes speak
 * @param patience the first wait before something is tried again
 */
public record Site(
        ClearmlServer server,
        Launcher launcher,
        Path executions,
        Map<String, String> variables,
        Console console,
        Duration patience) {

    /** Copies the variables. */
    public Site {
        Objects.requireNonNull(server);
        Objects.requireNonNull(launcher);
        Objects.requireNonNull(executions);
        variables = Map.copyOf(variables);
        Objects.requireNonNull(console);
        Objects.requireNonNull(patience);
    }

    /** The variables of one execution: it acts in the worker's name. */
    Map<String, String> variables(LaunchRecord record) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("CLEARML_WORKER_ID", record.worker());
        all.put("TRAINS_WORKER_ID", record.worker());
        return all;
    }

    Path folder(LaunchRecord record) {
        return executions.resolve(record.task().value());
    }

    void say(String words) {
        console.line("clearml-agent: " + words);
    }
}
