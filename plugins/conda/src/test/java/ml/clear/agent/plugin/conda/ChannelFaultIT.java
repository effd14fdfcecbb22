// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.FaultyServer;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel that is unavailable. */
@Tag("thorough")
class ChannelFaultIT {

    @TempDir
    private Path folder;

    @Test
    void theSolverIsAskedAgainAfterAFaultOfTheNetwork() throws Exception {
        RecordedConsole console = new RecordedConsole();
        Path sources = Files.createDirectories(folder.resolve("sources"));
        try (FaultyServer server = FaultyServer.start()) {
            server.refuse(503, Map.of(), "");
            TestSettings settings = TestSettings.defaults()
                    .with(CondaSettings.CHANNELS, server.address() + "/lab")
                    .with(PythonSettings.CPU_ONLY, true);
            EnvironmentPlan plan = CondaContext.of(
                            TestContext.in(folder.resolve("agent")), folder.resolve("no wheels"), settings)
                    .manager()
                    .plan(new EnvironmentRequest(
                            "",
                            Requirements.ofPip(List.of("alpha==1.0")),
                            new SourceTree(sources, sources, false),
                            console));

            assertThatThrownBy(() -> plan.build(folder.resolve("environment")))
                    .isInstanceOfSatisfying(
                            AgentException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE));
        }
        assertThat(console.text())
                .contains("A fault of the network ended py-rattler", "trying again in 2 s", "trying again in 10 s");
    }
}
