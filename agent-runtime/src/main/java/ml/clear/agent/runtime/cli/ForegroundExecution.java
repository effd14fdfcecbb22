// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.KeptImage;
import ml.clear.agent.runtime.launch.LaunchRequest;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.lifecycle.StopSignal;

/** Starts an execution through an executor and waits for its end; the execute process writes to our own streams. */
final class ForegroundExecution {

    private static final Duration A_WHILE = Duration.ofHours(1);

    private final Launcher launcher;
    private final Consumer<String> messages;

    ForegroundExecution(Launcher launcher, Consumer<String> messages) {
        this.launcher = launcher;
        this.messages = messages;
    }

    /**
     * Run it.
     *
     * @param how further options of the execute process
     * @return the exit code of the execute process
     * @throws AgentException when it cannot be started, or {@code LAUNCH_FAILED} when it was lost
     */
    int run(LaunchRequest request, List<String> how) throws InterruptedException {
        return follow(request, launcher.startInForeground(request, how), execution -> {
            messages.accept("stopping the task; it is ended when its grace period is over");
            execution.stop();
        });
    }

    /**
     * Run a command in the place of an execution, and keep the place as an image when the command succeeds.
     *
     * @return the exit code of the command
     * @throws AgentException as {@link #run}
     */
    int keep(LaunchRequest request, List<String> command, KeptImage image) throws InterruptedException {
        return follow(request, launcher.startImage(request, command, image), Execution::kill);
    }

    /** What a signal to this process does to an execution. */
    private interface Stop {
        void of(Execution execution) throws InterruptedException;
    }

    private int follow(LaunchRequest request, Execution execution, Stop stop) throws InterruptedException {
        try (StopSignal signal = new StopSignal(() -> stop(execution, stop))) {
            return await(execution);
        } finally {
            launcher.removeRest(request.task().id());
        }
    }

    private static void stop(Execution execution, Stop stop) {
        try {
            stop.of(execution);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int await(Execution execution) throws InterruptedException {
        ExecutionState state = execution.await(A_WHILE);
        while (state instanceof ExecutionState.Running || state instanceof ExecutionState.Waiting) {
            state = execution.await(A_WHILE);
        }
        return switch (state) {
            case ExecutionState.Ended(int exitCode, String reason) -> {
                if (!reason.isEmpty()) {
                    messages.accept("the execution was ended: " + reason);
                }
                yield exitCode;
            }
            case ExecutionState.Lost(String reason) ->
                throw new AgentException(ErrorCode.LAUNCH_FAILED, "the execution was lost: " + reason);
            case ExecutionState.Running _, ExecutionState.Waiting _ ->
                throw new IllegalStateException("neither ended nor lost");
        };
    }
}
