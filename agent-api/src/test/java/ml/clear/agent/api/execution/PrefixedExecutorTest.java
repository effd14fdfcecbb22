// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;

class PrefixedExecutorTest {

    private final List<ExecutionRequest> started = new ArrayList<>();

    @Test
    void putsTheCommandBeforeTheProcessAndChangesNothingElse() throws InterruptedException {
        ExecutionRequest request = ExecutionRequest.builder(
                        new AttemptId("attempt-1"), new TaskId("0123456789abcdef0123456789abcdef"), Path.of("/work"))
                .command(List.of("agent", "execute"))
                .environment(Map.of("A", "1"))
                .secrets(Map.of("S", Secret.of("hidden")))
                .removedVariables(Set.of("B"))
                .resources(new Resources("0", 1.5, 1_000))
                .queue("default")
                .labels(Map.of("worker", "box:0"))
                .build();

        assertThatThrownBy(() -> new PrefixedExecutor(new Target(), List.of("nice", "-n", "10")).start(request))
                .hasMessage("started");

        assertThat(started).containsExactly(request.withCommand(List.of("nice", "-n", "10", "agent", "execute")));
    }

    @Test
    void everyMethodOfAnExecutorIsPassedOn() {
        assertThat(Arrays.stream(Executor.class.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers())))
                .allSatisfy(method -> {
                    Method own = PrefixedExecutor.class.getMethod(method.getName(), method.getParameterTypes());
                    assertThat(own.getDeclaringClass()).as(method.toString()).isEqualTo(PrefixedExecutor.class);
                });
    }

    private final class Target implements Executor {
        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public void verify() {}

        @Override
        public Execution start(ExecutionRequest request) {
            started.add(request);
            throw new IllegalStateException("started");
        }

        @Override
        public Attachment attach(ExecutionReference reference) {
            return new Attachment.Gone("it was not started");
        }
    }
}
