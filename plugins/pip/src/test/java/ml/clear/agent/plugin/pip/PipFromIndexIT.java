// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small packages from the index that this machine's pip is configured for, with the default versions of pip. */
class PipFromIndexIT {

    @TempDir
    Path temporary;

    @Test
    void smallPackagesAreInstalledWithTheDefaultSettings() throws Exception {
        EnvironmentPlan plan = PipPackageManager.of(TestContext.in(temporary.resolve("agent")))
                .plan(new EnvironmentRequest(
                        "",
                        Requirements.ofPip(List.of("six==1.16.0", "idna")),
                        new SourceTree(temporary, temporary, false),
                        new RecordedConsole()));

        PythonEnvironment environment = build(plan);

        assertThat(environment.frozen()).contains("six==1.16.0").anyMatch(line -> line.startsWith("idna=="));
    }

    private PythonEnvironment build(EnvironmentPlan plan) throws InterruptedException {
        try {
            return plan.build(temporary.resolve("environment"));
        } catch (AgentException e) {
            if (e.code() == ErrorCode.SERVER_UNAVAILABLE && !Boolean.getBoolean("require.real")) {
                abort("no package index: " + e.getMessage());
            }
            throw e;
        }
    }
}
