// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Execution;
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
        return Set.of();
    }

    @Override
    public Execution start(ExecutionRequest request) {
        ProcessBuilder builder = new ProcessBuilder(sessionLeader.commandFor(request.command()));
        builder.environment().keySet().removeAll(request.removedVariables());
        builder.environment().putAll(request.environment());
        builder.redirectInput(Redirect.from(new File("/dev/null")));
        switch (request.output()) {
            case INHERIT -> builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
            case FILE ->
                builder.redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(
                                request.folder().resolve(LOG_FILE).toFile()));
        }
        try {
            return new ChildExecution(builder.start());
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.LAUNCH_FAILED,
                    "cannot start the execution of task '" + request.task() + "': " + e.getMessage() + "; check that '"
                            + request.command().getFirst() + "' exists and may be executed",
                    e);
        }
    }

    @Override
    public Optional<Execution> attach(String handle) {
        ProcessIdentity identity = ProcessIdentity.parse(handle);
        return identity.isAlive() ? Optional.of(new AttachedExecution(identity)) : Optional.empty();
    }
}
