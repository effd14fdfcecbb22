// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.ClearmlServer;

/** The options that every command which prepares a task has, those of the Python agent. */
final class TaskFlags {

    private static final Option ID = Option.required("--id", "task", "the id of the task, or its whole name");
    private static final Option OPTIMIZE =
            Option.flag("-O", "start the task's interpreter with -O, which leaves out assertions");
    private static final Option OPTIMIZE_MORE =
            Option.flag("-OO", "start the task's interpreter with -OO, which leaves out documentation as well");
    static final Option GIT_USER =
            Option.value("--git-user", "name", "the user of git repositories; agent.git_user unless given");
    static final Option GIT_PASS = Option.value(
            "--git-pass",
            "password",
            "the password of that user; better in CLEARML_AGENT_GIT_PASS, which ps does not show");
    private static final Option LOG_LEVEL = Option.value(
            "--log-level", "level", "what the SDK in the task logs: DEBUG, INFO, WARN, WARNING, ERROR or CRITICAL");
    private static final Option GPUS =
            Option.value("--gpus", "list", "the GPUs that the task may use, such as 0,1; all for all");
    private static final Option CPU = Option.flag("--cpu-only", "the task uses no GPU");

    /** All of them. */
    static final List<Option> ALL = List.of(ID, OPTIMIZE, OPTIMIZE_MORE, GIT_USER, GIT_PASS, LOG_LEVEL, GPUS, CPU);

    /** What {@code --log-level} takes. */
    static final Set<String> LEVELS = Set.of("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL");

    private final Invocation invocation;

    /** Those of a call. */
    TaskFlags(Invocation invocation) {
        this.invocation = invocation;
    }

    /** What they say about the configuration, under the names of the variables that would. */
    Map<String, String> configuration() {
        Map<String, String> variables = new HashMap<>();
        invocation.value(GIT_USER.name()).ifPresent(user -> variables.put("CLEARML_AGENT_GIT_USER", user));
        invocation.value(GIT_PASS.name()).ifPresent(password -> variables.put("CLEARML_AGENT_GIT_PASS", password));
        if (invocation.has(CPU.name())) {
            variables.put("CLEARML_CPU_ONLY", "true");
        }
        return variables;
    }

    /** The options of the interpreter. */
    List<String> interpreterFlags() {
        if (invocation.has(OPTIMIZE_MORE.name())) {
            return List.of("-OO");
        }
        return invocation.has(OPTIMIZE.name()) ? List.of("-O") : List.of();
    }

    /** The level of the SDK. */
    String logLevel() {
        String level = invocation.value(LOG_LEVEL.name()).orElse("INFO").toUpperCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID,
                    LOG_LEVEL.name() + " is '" + level + "'; DEBUG, INFO, WARN, WARNING, ERROR or CRITICAL is needed");
        }
        return level;
    }

    /** The options for another execute process that is to do the same. */
    List<String> again() {
        List<String> words = new ArrayList<>(interpreterFlags());
        if (invocation.has(LOG_LEVEL.name())) {
            words.addAll(List.of(LOG_LEVEL.name(), logLevel()));
        }
        return words;
    }

    /** The GPUs; {@code none} for none, empty when not given. */
    Optional<String> gpus() {
        return invocation
                .value(GPUS.name())
                .or(() -> invocation.has(CPU.name()) ? Optional.of("none") : Optional.empty());
    }

    /**
     * The task.
     *
     * @throws AgentException {@code NOT_FOUND} when no task, or more than one, has the name
     */
    TaskId task(ClearmlServer server) {
        String idOrName = invocation.value(ID.name()).orElseThrow();
        if (TaskId.matches(idOrName)) {
            return new TaskId(idOrName);
        }
        List<TaskId> found = server.tasks().findByName(idOrName);
        if (found.size() != 1) {
            throw new AgentException(
                    ErrorCode.NOT_FOUND,
                    found.isEmpty()
                            ? "no task has the name '" + idOrName + "'; give its id, or the whole name"
                            : found.size() + " tasks have the name '" + idOrName + "'; give the id of one of them");
        }
        return found.getFirst();
    }
}
