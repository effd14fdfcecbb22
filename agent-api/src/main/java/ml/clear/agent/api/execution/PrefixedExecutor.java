// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import ml.clear.agent.api.Stability;

/**
 * Starts what another executor starts with a command before it, such as {@code nice -n 10}, {@code numactl} or
 * {@code systemd-run --scope}. All else is the other executor's.
 *
 * <p>The command must become the process, or pass signals on and end with the exit code of the process.
 */
@Stability.Incubating(since = "0.1")
public final class PrefixedExecutor implements Executor {

    private final Executor target;
    private final List<String> prefix;

    /**
     * An executor.
     *
     * @param target what starts executions and finds them again
     * @param prefix the command and its arguments, at least one
     */
    public PrefixedExecutor(Executor target, List<String> prefix) {
        this.target = Objects.requireNonNull(target);
        this.prefix = List.copyOf(prefix);
        if (this.prefix.isEmpty()) {
            throw new IllegalArgumentException("a prefix has at least the name of a program");
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return target.capabilities();
    }

    @Override
    public void verify() throws InterruptedException {
        target.verify();
    }

    @Override
    public Execution start(ExecutionRequest request) throws InterruptedException {
        return target.start(request.withCommand(
                Stream.concat(prefix.stream(), request.command().stream()).toList()));
    }

    @Override
    public Attachment attach(ExecutionReference reference) throws InterruptedException {
        return target.attach(reference);
    }
}
