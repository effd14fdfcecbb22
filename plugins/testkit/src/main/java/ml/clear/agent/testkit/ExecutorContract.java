// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link Executor} must do. {@code /bin/sh} stands in for the execute process and must exist where the
 * executor starts it.
 */
@Timeout(300)
public abstract class ExecutorContract {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final AtomicInteger ATTEMPTS = new AtomicInteger();

    /** Longer than an executor may take to start or to end an execution. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private Path shared = Path.of("");

    /** For subclasses. */
    protected ExecutorContract() {}

    /** The task; its container names an image where the executor needs one. */
    protected TaskFacts task() {
        return TaskFacts.of(TASK, Container.NONE);
    }

    /** Creates an executor as a new process of the agent would; each call represents another process. */
    protected abstract Executor executor() throws Exception;

    @BeforeEach
    final void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("execution"));
        shared = Files.writeString(temporary.resolve("shared"), "");
    }

    @Test
    final void reportsTheExitCodeOfTheExecuteProcess() throws Exception {
        Execution execution = executor().start(request("exit 3"));

        assertThat(end(execution)).isEqualTo(new ExecutionState.Ended(3));
        assertThat(execution.state()).isEqualTo(new ExecutionState.Ended(3));
    }

    @Test
    final void writesTheOutputToTheFileInTheFolder() throws Exception {
        end(executor().start(request("echo out; echo err >&2")));

        assertThat(Files.readAllLines(folder.resolve("execute.log"))).contains("out", "err");
    }

    @Test
    final void setsAndRemovesVariables() throws Exception {
        ExecutionRequest request = request("echo \"$GREETING ${PATH:-no path}\" > \"" + folder + "/seen\"");

        end(executor().start(request));

        assertThat(folder.resolve("seen")).content().startsWith("hello wörld ");
    }

    @Test
    final void aSecretVariableReachesTheProcessAsItIs() throws Exception {
        end(executor().start(request("printf %s \"$COUNTERSIGN\" > \"" + folder + "/seen\"")));

        assertThat(folder.resolve("seen")).hasContent("it's \"open\" $HOME\n");
    }

    @Test
    final void sharedPathsAreAtTheSamePlace() throws Exception {
        Files.writeString(shared, "of this machine");

        end(executor().start(request("cat \"" + shared + "\" > \"" + folder + "/seen\"")));

        assertThat(folder.resolve("seen")).hasContent("of this machine");
    }

    @Test
    final void verifiesThatItCanStartExecutions() throws Exception {
        executor().verify();
    }

    @Test
    final void startsAnAttemptOnceHoweverOftenItIsAskedTo() throws Exception {
        ExecutionRequest request = request("echo started >> \"" + folder + "/starts\"; sleep 2");

        Execution first = executor().start(request);
        Execution second = executor().start(request);

        assertThat(second.handle()).isEqualTo(first.handle());
        end(first);
        end(executor().start(request));
        assertThat(Files.readAllLines(folder.resolve("starts"))).hasSize(1);
    }

    @Test
    final void startsTheNextAttemptInTheSameFolder() throws Exception {
        end(executor().start(request("exit 0")));

        assertThat(end(executor().start(request("exit 4")))).isEqualTo(new ExecutionState.Ended(4));
    }

    @Test
    final void anotherProcessFindsWhatRunsByItsHandle() throws Exception {
        ExecutionRequest request = endless();
        Execution started = executor().start(request);

        Execution found = found(executor(), new ExecutionReference(request.attempt(), started.handle(), folder));

        assertThat(found.handle()).isEqualTo(started.handle());
        assertThat(found.state()).isInstanceOfAny(ExecutionState.Running.class, ExecutionState.Waiting.class);
        found.kill();
        end(started);
    }

    @Test
    final void anotherProcessFindsWhatRunsThoughTheHandleWasNotWrittenDown() throws Exception {
        ExecutionRequest request = endless();
        Execution started = executor().start(request);

        Execution found = found(executor(), new ExecutionReference(request.attempt(), "", folder));

        assertThat(found.state()).isInstanceOfAny(ExecutionState.Running.class, ExecutionState.Waiting.class);
        found.kill();
        end(started);
    }

    @Test
    final void whatWasNeverStartedIsGoneWithAReason() throws Exception {
        Attachment answer =
                executor().attach(new ExecutionReference(request("exit 0").attempt(), "", folder));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Attachment.Gone.class, gone -> assertThat(gone.reason()).isNotBlank());
    }

    @Test
    final void whatHasEndedIsNotFoundRunning() throws Exception {
        ExecutionRequest request = request("exit 0");
        Execution started = executor().start(request);
        end(started);

        Attachment answer = executor().attach(new ExecutionReference(request.attempt(), started.handle(), folder));

        if (answer instanceof Attachment.Found(Execution execution)) {
            assertThat(execution.state())
                    .isNotInstanceOf(ExecutionState.Running.class)
                    .isNotInstanceOf(ExecutionState.Waiting.class);
        } else {
            assertThat(answer).isInstanceOf(Attachment.Gone.class);
        }
    }

    @Test
    final void aStopReachesTheExecuteProcessWhichMayTakeItsTime() throws Exception {
        Execution execution =
                executor().start(request("trap 'echo stopping; exit 7' TERM; echo ready; while :; do sleep 0.1; done"));
        awaitLine("ready");

        execution.stop();

        assertThat(end(execution)).isEqualTo(new ExecutionState.Ended(7));
        assertThat(Files.readAllLines(folder.resolve("execute.log"))).contains("stopping");
    }

    @Test
    final void aKillEndsWhatIgnoresAStop() throws Exception {
        Execution execution = executor().start(endless());
        awaitLine("ready");

        execution.stop();
        assertThat(execution.await(Duration.ofMillis(300))).isInstanceOf(ExecutionState.Running.class);
        execution.kill();

        assertThat(end(execution))
                .isInstanceOfAny(ExecutionState.Ended.class, ExecutionState.Lost.class)
                .isNotEqualTo(new ExecutionState.Ended(0));
        execution.stop();
        execution.kill();
    }

    @Test
    final void aCommandThatDoesNotExistIsNamed() throws Exception {
        ExecutionRequest request = ExecutionRequest.builder(attempt(), task(), folder)
                .command(List.of("/no/such/agent"))
                .build();
        Executor executor = executor();

        assertThat(complaint(executor, request)).contains("/no/such/agent");
    }

    /** Of the start, or of the state when the executor learns it later, or of the program that starts the command. */
    private String complaint(Executor executor, ExecutionRequest request) throws Exception {
        try {
            ExecutionState state = end(executor.start(request));
            assertThat(state).isNotEqualTo(new ExecutionState.Ended(0));
            return state + Files.readString(folder.resolve("execute.log"));
        } catch (AgentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private ExecutionRequest endless() {
        return request("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    }

    private ExecutionRequest request(String script) {
        return ExecutionRequest.builder(attempt(), task(), folder)
                .command(List.of("/bin/sh", "-c", script))
                .environment(Map.of("GREETING", "hello wörld"))
                .secrets(Map.of("COUNTERSIGN", Secret.of("it's \"open\" $HOME\n")))
                .removedVariables(Set.of("CLEARML_AGENT_JAVA_OPTIONS"))
                .paths(List.of(
                        new SharedPath(folder, SharedPath.Access.WRITE),
                        new SharedPath(shared, SharedPath.Access.READ)))
                .build();
    }

    private static AttemptId attempt() {
        return new AttemptId("contract-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + "-"
                + ATTEMPTS.incrementAndGet());
    }

    private static Execution found(Executor executor, ExecutionReference reference) throws InterruptedException {
        return switch (executor.attach(reference)) {
            case Attachment.Found(Execution execution) -> execution;
            case Attachment.Gone(String reason) -> throw new AssertionError("it is there, not gone: " + reason);
            case Attachment.Unknown(String reason) -> throw new AssertionError("it can be asked: " + reason);
        };
    }

    private static ExecutionState end(Execution execution) throws InterruptedException {
        ExecutionState state = execution.await(LIMIT);
        assertThat(state)
                .as("ended within " + LIMIT)
                .isInstanceOfAny(ExecutionState.Ended.class, ExecutionState.Lost.class);
        return state;
    }

    private void awaitLine(String line) throws Exception {
        Path log = folder.resolve("execute.log");
        long start = System.nanoTime();
        while (!Files.exists(log) || !Files.readAllLines(log).contains(line)) {
            assertThat(System.nanoTime() - start)
                    .as("'" + line + "' is printed")
                    .isLessThan(LIMIT.toNanos());
            Thread.sleep(20);
        }
    }
}
