// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;

/**
 * Finds out whether what this process starts can outlive it. It cannot as process 1 of a container, whose end ends all others;
 * nor below a container's small init, which ends with its child; nor as the main process of a systemd unit that ends all
 * processes of the unit with it.
 */
public final class ProcessSurvival {

    /** Init programs that run one program and end with it. */
    private static final Set<String> SMALL_INITS = Set.of("tini", "docker-init", "dumb-init", "catatonit");

    private static final Pattern UNIT =
            Pattern.compile("(?m)^(?:0:|\\d+:name=systemd):.*/([^/\\s]+\\.service)(?:/.*)?$");
    private static final Pattern PROPERTY = Pattern.compile("(?m)^(\\w+)=(.*)$");
    private static final Set<String> SPARING = Set.of("process", "none");
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private final Map<String, String> environment;
    private final Path proc;
    private final CommandRunner commands;
    private final long pid;
    private final long parent;

    /** Of this process. */
    public static ProcessSurvival ofThisProcess(Map<String, String> environment, CommandRunner commands) {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessSurvival(
                environment,
                Path.of("/proc"),
                commands,
                self.pid(),
                self.parent().map(ProcessHandle::pid).orElse(0L));
    }

    ProcessSurvival(Map<String, String> environment, Path proc, CommandRunner commands, long pid, long parent) {
        this.environment = Map.copyOf(environment);
        this.proc = proc;
        this.commands = commands;
        this.pid = pid;
        this.parent = parent;
    }

    /**
     * Why tasks end with this process; empty when they can outlive it.
     *
     * @param detached whether it was put into the background, where every orphan is a child of process 1
     */
    public Optional<String> endsWithUs(boolean detached) throws InterruptedException {
        if (pid == 1) {
            return Optional.of("it is process 1 of its container");
        }
        if (parent == 1 && !detached && SMALL_INITS.contains(read("1/comm").strip())) {
            return Optional.of("it is the program of its container, below '"
                    + read("1/comm").strip() + "'");
        }
        return unit();
    }

    private Optional<String> unit() throws InterruptedException {
        Matcher unit = UNIT.matcher(read("self/cgroup"));
        if (!environment.containsKey("INVOCATION_ID") || !unit.find()) {
            return Optional.empty();
        }
        Map<String, String> properties = properties(unit.group(1));
        // Newer versions of systemd set SYSTEMD_EXEC_PID; others have to be queried.
        String main = properties.getOrDefault("MainPID", environment.getOrDefault("SYSTEMD_EXEC_PID", ""));
        String mode = properties.getOrDefault("KillMode", "control-group");
        return main.equals(Long.toString(pid)) && !SPARING.contains(mode)
                ? Optional.of("its systemd unit '" + unit.group(1) + "' has KillMode=" + mode
                        + "; with KillMode=process they would keep running")
                : Optional.empty();
    }

    private Map<String, String> properties(String unit) throws InterruptedException {
        Map<String, String> properties = new HashMap<>();
        Command question = Command.of(List.of("systemctl", manager(), "show", "-p", "MainPID", "-p", "KillMode", unit))
                .timeout(LONGEST_ANSWER)
                .build();
        try {
            CommandResult answer = commands.run(question);
            Matcher property = PROPERTY.matcher(answer.output());
            while (property.find()) {
                properties.put(property.group(1), property.group(2).strip());
            }
        } catch (AgentException e) {
            return Map.of(); // there is no such program
        }
        return properties;
    }

    private String manager() {
        return read("self/cgroup").contains("/user@") ? "--user" : "--system";
    }

    private String read(String file) {
        try {
            return Files.readString(proc.resolve(file));
        } catch (IOException e) {
            return "";
        }
    }
}
