// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.DaemonOptions;
import ml.clear.agent.runtime.worker.GpuShare;
import ml.clear.agent.runtime.worker.QueueOrder;
import ml.clear.agent.runtime.worker.Timetable;
import org.jspecify.annotations.Nullable;

/** The options of {@code daemon} that say what a daemon does; where they mean something, that of the Python agent. */
final class DaemonFlags {

    private static final Option QUEUE =
            Option.values("--queue", "queue", "names or ids of queues, the most important one first");
    private static final Option CREATE = Option.flag("--create-queue", "make queues that do not exist");
    private static final Option FAIR = Option.flag("--order-fairness", "take tasks from the queues in turn");
    private static final Option POLL = Option.value(
            "--polling-interval", "seconds", "time between two polls of empty queues; 5 at least, and unless given");
    private static final Option SERVICES = Option.values(
            "--services-mode",
            "limit",
            "run several tasks at once, without GPU; at most so many, if a number is given");
    private static final Option TAGS =
            Option.values("--child-report-tags", "tag", "tags of this worker and of the tasks it runs");
    private static final Option CPU = Option.flag("--cpu-only", "tasks use no GPU");
    private static final Option GPUS =
            Option.value("--gpus", "list", "the GPUs that tasks may use, such as 0,1; all for all");
    private static final Option SHARED_GPUS = Option.flag(
            "--dynamic-gpus",
            "share the GPUs of --gpus out to several tasks, to each as many as its --queue name=2 or name=1-4 says");
    private static final Option UPTIME = Option.values(
            "--uptime", "time", "hours and days in which tasks are taken, such as '17-20 TUE' '8-12,13-18 MON-FRI'");
    private static final Option DOWNTIME =
            Option.values("--downtime", "time", "hours and days in which no tasks are taken, written in the same way");
    private static final Option OPTIMIZE = Option.flag("-O", "start the interpreters of tasks with -O");
    private static final Option OPTIMIZE_MORE = Option.flag("-OO", "start the interpreters of tasks with -OO");
    private static final Option LOG_LEVEL = Option.value(
            "--log-level", "level", "what the SDK in tasks logs: DEBUG, INFO, WARN, WARNING, ERROR or CRITICAL");
    private static final Option STANDALONE =
            Option.flag("--standalone-mode", "tasks find all they need in place: nothing is installed");
    private static final Option LOG = Option.value(
            "--log", "file", "where the output of this daemon goes; the agent gives it to a detached daemon");

    /** All of them. */
    static final List<Option> ALL = List.of(
            QUEUE,
            CREATE,
            FAIR,
            POLL,
            SERVICES,
            TAGS,
            CPU,
            GPUS,
            SHARED_GPUS,
            UPTIME,
            DOWNTIME,
            OPTIMIZE,
            OPTIMIZE_MORE,
            LOG_LEVEL,
            TaskFlags.GIT_USER,
            TaskFlags.GIT_PASS,
            STANDALONE,
            LOG);

    private static final int WITHOUT_LIMIT = -1;

    private final Invocation invocation;

    /** Those of a call. */
    DaemonFlags(Invocation invocation) {
        this.invocation = invocation;
    }

    /** What they say. */
    DaemonOptions options() {
        return options(invocation.value(LOG.name()).orElse(""));
    }

    /**
     * What they say.
     *
     * @param log where the daemon writes; empty for its terminal
     */
    DaemonOptions options(String log) {
        boolean shared = invocation.has(SHARED_GPUS.name());
        List<String> queues = invocation.values(QUEUE.name());
        return new DaemonOptions(
                shared ? queues.stream().map(DaemonFlags::queueName).toList() : queues,
                invocation.has(CREATE.name()),
                invocation.has(FAIR.name()) ? QueueOrder.FAIR : QueueOrder.PRIORITY,
                services(),
                invocation
                        .value(POLL.name())
                        .map(text -> Duration.ofSeconds(number(POLL, text)))
                        .orElse(null),
                invocation.values(TAGS.name()),
                invocation.value(GPUS.name()).orElse(invocation.has(CPU.name()) ? "none" : null),
                shared ? shares(queues) : List.of(),
                timetable(),
                forExecute(),
                configuration(),
                invocation.has(LOG.name()),
                log);
    }

    private List<GpuShare> shares(List<String> queues) {
        String missing = invocation.has(SERVICES.name()) || !invocation.has(GPUS.name())
                ? "--dynamic-gpus needs --gpus with the GPUs to share out, and no --services-mode"
                : queues.isEmpty() ? "--dynamic-gpus needs --queue with queues such as name=2 or name=1-4" : "";
        if (!missing.isEmpty()) {
            throw new AgentException(ErrorCode.COMMAND_LINE_INVALID, missing);
        }
        return queues.stream()
                .map(item -> GpuShare.parse(item.substring(item.lastIndexOf('=') + 1), item))
                .toList();
    }

    /** The name before the number; an item without a number is reported with the shares. */
    private static String queueName(String item) {
        return item.substring(0, Math.max(0, item.lastIndexOf('='))).strip();
    }

    /** As with the Python agent both together count for nothing. */
    private @Nullable Timetable timetable() {
        boolean up = invocation.has(UPTIME.name());
        boolean down = invocation.has(DOWNTIME.name());
        if (up && down) {
            invocation.err().println("clearml-agent: error: --uptime and --downtime are both given, and both ignored");
            return Timetable.always();
        }
        if (up) {
            return Timetable.during(invocation.values(UPTIME.name()));
        }
        return down ? Timetable.outside(invocation.values(DOWNTIME.name())) : null;
    }

    /** The options of every execute process. */
    private List<String> forExecute() {
        List<String> options = new ArrayList<>();
        if (invocation.has(OPTIMIZE_MORE.name())) {
            options.add(OPTIMIZE_MORE.name());
        } else if (invocation.has(OPTIMIZE.name())) {
            options.add(OPTIMIZE.name());
        }
        invocation.value(LOG_LEVEL.name()).ifPresent(text -> {
            String level = text.toUpperCase(Locale.ROOT);
            if (!TaskFlags.LEVELS.contains(level)) {
                throw new AgentException(
                        ErrorCode.COMMAND_LINE_INVALID,
                        "--log-level is '" + text + "'; DEBUG, INFO, WARN, WARNING, ERROR or CRITICAL is needed");
            }
            options.addAll(List.of(LOG_LEVEL.name(), level));
        });
        return options;
    }

    /** What they set in the configuration, under the names of the variables that would; children get it as these. */
    Map<String, String> configuration() {
        Map<String, String> variables = new HashMap<>();
        invocation.value(TaskFlags.GIT_USER.name()).ifPresent(user -> variables.put("CLEARML_AGENT_GIT_USER", user));
        invocation
                .value(TaskFlags.GIT_PASS.name())
                .ifPresent(password -> variables.put("CLEARML_AGENT_GIT_PASS", password));
        if (invocation.has(STANDALONE.name())) {
            variables.put("CLEARML_AGENT__AGENT__STANDALONE_MODE", "true");
        }
        return variables;
    }

    /** The same options for another process, whose output goes to this file; it gets the rest as variables. */
    List<String> again(Path log) {
        List<String> words = new ArrayList<>(List.of(LOG.name(), log.toString()));
        for (Option flag : List.of(CREATE, FAIR, CPU, SHARED_GPUS, OPTIMIZE, OPTIMIZE_MORE)) {
            if (invocation.has(flag.name())) {
                words.add(flag.name());
            }
        }
        for (Option option : List.of(QUEUE, POLL, SERVICES, TAGS, GPUS, UPTIME, DOWNTIME, LOG_LEVEL)) {
            if (invocation.has(option.name())) {
                words.add(option.name());
                words.addAll(invocation.values(option.name()));
            }
        }
        return words;
    }

    /** As with the Python agent -1 and no number are no limit, and 0 is no services mode. */
    private @Nullable Integer services() {
        if (!invocation.has(SERVICES.name())) {
            return null;
        }
        List<String> limit = invocation.values(SERVICES.name());
        int number = limit.isEmpty() ? WITHOUT_LIMIT : number(SERVICES, limit.getFirst());
        return number == 0 ? null : Math.max(0, number);
    }

    private static int number(Option option, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID, option.name() + " is '" + text + "'; a whole number is needed", e);
        }
    }
}
