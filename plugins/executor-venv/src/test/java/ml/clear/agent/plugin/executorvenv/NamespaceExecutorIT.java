// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.testkit.ExecutorContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract holds for an executor with a process space of its own, delayed starts and no handles. */
@Tag("thorough")
class NamespaceExecutorIT extends ExecutorContract {

    @TempDir
    private Path control;

    @BeforeAll
    static void needsNamespaces() throws Exception {
        boolean possible = new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
                        .start()
                        .waitFor()
                == 0;
        if (Boolean.getBoolean("require.real")) {
            assertThat(possible).as("process namespaces can be made").isTrue();
        }
        assumeTrue(possible, "process namespaces cannot be made here: that needs root");
    }

    @Override
    protected Executor executor() {
        return new NamespaceExecutor(control, "0.2");
    }
}
