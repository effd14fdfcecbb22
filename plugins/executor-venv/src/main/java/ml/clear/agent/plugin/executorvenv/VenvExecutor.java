// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.process.ProcessIdentity;

/** Starts an execution as a process of this machine, in a session of its own where possible. */
final class VenvExecutor implements Executor {

    private static final String LOG_FILE = "execute.log";

    private final SessionLeader sessionLeader;

    VenvExecutor(SessionLeader sessionLeader) {
        this.sessionLeader = sessionLeader;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.SHARES_PROCESSES);
    }

    @Override
    public Execution start(ExecutionRequest request) {
        AttemptFile file = new AttemptFile(request.folder());
        Optional<AttemptFile.Content> earlier = file.read().filter(content -> content.isOf(request.attempt()));
        if (earlier.isPresent()) {
            Optional<Execution> execution = started(request.attempt(), earlier.get());
            if (execution.isPresent()) {
                return execution.get();
            }
        }
        file.begin(request.attempt());
        ChildExecution execution = new ChildExecution(launch(request));
        file.started(request.attempt(), execution.identity());
        return execution;
    }

    /** The process of an attempt; empty when the attempt was recorded but no process was started. */
    private static Optional<Execution> started(AttemptId attempt, AttemptFile.Content content) {
        Optional<ProcessIdentity> process = content.process().isEmpty()
                ? Attempts.processOf(attempt)
                : Optional.of(ProcessIdentity.parse(content.process()));
        return process.map(AttachedExecution::new);
    }

    private Process launch(ExecutionRequest request) {
        ProcessBuilder builder = new ProcessBuilder(sessionLeader.commandFor(request.command()));
        builder.environment().keySet().removeAll(request.removedVariables());
        builder.environment().putAll(request.environment());
        request.secrets().forEach((name, value) -> builder.environment().put(name, value.reveal()));
        builder.environment().put(Attempts.VARIABLE, request.attempt().value());
        builder.redirectInput(Redirect.from(new File("/dev/null")));
        switch (request.output()) {
            case INHERIT -> builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
            case FILE ->
                builder.redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(
                                request.folder().resolve(LOG_FILE).toFile()));
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.LAUNCH_FAILED,
                    "cannot start the execution of task '" + request.task().id() + "': " + e.getMessage()
                            + "; check that '" + request.command().getFirst() + "' exists and may be executed",
                    e);
        }
    }

    @Override
    public Attachment attach(ExecutionReference reference) {
        Optional<ProcessIdentity> process = reference.handle().isEmpty()
                ? Attempts.processOf(reference.attempt())
                : Optional.of(ProcessIdentity.parse(reference.handle()));
        if (process.isEmpty()) {
            return new Attachment.Gone("no process of attempt '" + reference.attempt() + "' runs");
        }
        try {
            return process.get().isAlive()
                    ? new Attachment.Found(new AttachedExecution(process.get()))
                    : new Attachment.Gone("process " + process.get().pid() + " has ended");
        } catch (IllegalStateException e) {
            return new Attachment.Unknown(String.valueOf(e.getMessage()));
        }
    }
}
