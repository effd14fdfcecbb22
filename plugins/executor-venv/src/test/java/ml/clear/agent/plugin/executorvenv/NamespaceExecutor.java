// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.Executor;

/**
 * An executor for tests which shares neither process numbers nor variables with the agent, as a container or a cluster:
 * executions run in a process space of their own, begin after a delay, are known by their attempt alone, and are refused on
 * request.
 */
public final class NamespaceExecutor implements Executor {

    /** Waits, runs a command as process 1 of a new process space, writes down its number and its exit code. */
    private static final String DRIVER = """
        control=$1 log=$2 delay=$3
        shift 3
        sleep "$delay"
        unshare --pid --fork --mount-proc --kill-child env -i "$@" >>"$log" 2>&1 </dev/null &
        echo $! >"$control/running.new"
        mv "$control/running.new" "$control/running"
        wait $!
        echo $? >"$control/exit.new"
        mv "$control/exit.new" "$control/exit"
        """;

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Path control;
    private final String delay;

    /**
     * An executor.
     *
     * @param control where it keeps what it knows; the file {@code refuse} in it holds the error code with which starts are
     *     refused, and while the file {@code silent} is in it no question is answered
     * @param delay the seconds before an execution begins
     */
    public NamespaceExecutor(Path control, String delay) {
        this.control = control;
        this.delay = delay;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Execution start(ExecutionRequest request) {
        refusal().ifPresent(code -> {
            throw new AgentException(
                    code, "the cluster refuses task '" + request.task().id() + "'");
        });
        Path own = control.resolve(request.attempt().value());
        try {
            if (Files.isDirectory(own)) {
                return new InNamespace(own);
            }
            Files.createDirectories(own);
            List<String> command = new ArrayList<>(List.of("setsid", "sh", "-c", DRIVER, "driver", own.toString()));
            command.add(request.folder().resolve("execute.log").toString());
            command.add(delay);
            command.addAll(variables(request));
            command.addAll(request.command());
            Process driver = new ProcessBuilder(command)
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            Files.writeString(own.resolve("driver"), Long.toString(driver.pid()));
            return new InNamespace(own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command line would show secrets on a real platform; here every test may read them. */
    private static List<String> variables(ExecutionRequest request) {
        List<String> variables = new ArrayList<>();
        Map<String, String> own = Map.of("PATH", System.getenv("PATH"), "HOME", System.getenv("HOME"));
        own.forEach((name, value) -> variables.add(name + "=" + value));
        request.environment().forEach((name, value) -> variables.add(name + "=" + value));
        request.secrets().forEach((name, value) -> variables.add(name + "=" + value.reveal()));
        return variables;
    }

    private Optional<ErrorCode> refusal() {
        return read(control.resolve("refuse")).map(ErrorCode::valueOf);
    }

    @Override
    public Attachment attach(ExecutionReference reference) {
        if (Files.exists(control.resolve("silent"))) {
            return new Attachment.Unknown("the cluster does not answer");
        }
        AttemptId attempt = reference.attempt();
        Path own = control.resolve(attempt.value());
        return Files.isDirectory(own)
                ? new Attachment.Found(new InNamespace(own))
                : new Attachment.Gone("there is no attempt '" + attempt + "'");
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty(); // it does not exist yet
        }
    }

    private record InNamespace(Path own) implements Execution {

        /** Lost at once, as with a platform that gives none. */
        @Override
        public String handle() {
            return "";
        }

        @Override
        public ExecutionState state() {
            Optional<String> exit = read(own.resolve("exit"));
            if (exit.isPresent()) {
                return new ExecutionState.Ended(Integer.parseInt(exit.get()));
            }
            if (process("driver").isEmpty() && read(own.resolve("exit")).isEmpty()) {
                return new ExecutionState.Lost("its driver has ended");
            }
            return Files.exists(own.resolve("running"))
                    ? new ExecutionState.Running()
                    : new ExecutionState.Waiting("for a place");
        }

        @Override
        public ExecutionState await(Duration limit) throws InterruptedException {
            long start = System.nanoTime();
            ExecutionState state = state();
            while ((state instanceof ExecutionState.Running || state instanceof ExecutionState.Waiting)
                    && System.nanoTime() - start < limit.toNanos()) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                state = state();
            }
            return state;
        }

        /** Process 1 of the space gets the signal; one that does not begin yet never will. */
        @Override
        public void stop() {
            Optional<ProcessHandle> outer = process("running");
            if (outer.isPresent()) {
                outer.get().children().forEach(ProcessHandle::destroy);
            } else {
                kill();
            }
        }

        @Override
        public void kill() {
            process("running").or(() -> process("driver")).ifPresent(process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            });
        }

        private Optional<ProcessHandle> process(String name) {
            return read(own.resolve(name))
                    .map(Long::parseLong)
                    .flatMap(ProcessHandle::of)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info().command().isPresent()); // a zombie has none
        }
    }
}
