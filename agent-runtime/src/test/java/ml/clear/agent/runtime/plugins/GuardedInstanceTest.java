// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedInstanceTest {

    private final URLClassLoader loader = new URLClassLoader(new URL[0]);
    private final PluginCall edge = new PluginCall(FakePlugins.started("slurm", new AgentPlugin() {}, loader), loader);
    private final List<ClassLoader> seen = new ArrayList<>();

    @AfterEach
    void closeLoader() throws IOException {
        loader.close();
    }

    @Test
    void callsOfTheInstanceAndOfWhatItReturnsHappenWithThePluginsLoader() throws InterruptedException {
        Executor executor = GuardedInstance.of(Executor.class, new Cluster(), edge);

        Execution execution = found(executor, "42");

        assertThat(execution.handle()).isEqualTo("42");
        assertThat(seen).containsExactly(loader, loader);
        assertThat(Thread.currentThread().getContextClassLoader()).isNotSameAs(loader);
    }

    @Test
    void whatIsThrownNamesThePluginAndTheCall() throws InterruptedException {
        Execution execution = found(GuardedInstance.of(Executor.class, new Cluster(), edge), "42");

        assertThatThrownBy(execution::stop)
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessage(
                        "plugin 'slurm' 1.0.0 (/plugins/slurm) failed in Execution.stop: java.lang.IllegalStateException:"
                                + " no luck; this is a defect of the plugin, report it to its author")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void interruptionAndErrorsOnPurposeComeThroughUnchanged() throws InterruptedException {
        Executor executor = GuardedInstance.of(Executor.class, new Cluster(), edge);
        Execution execution = found(executor, "42");

        assertThatThrownBy(execution::state).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> execution.await(Duration.ofSeconds(1)))
                .isInstanceOf(AgentException.class)
                .hasMessage("sbatch is not installed");
    }

    @Test
    void absenceAndDataAreLeftAsTheyAre() throws InterruptedException {
        Executor executor = GuardedInstance.of(Executor.class, new Cluster(), edge);
        VcsCredential credential = new VcsCredential.UserPassword("ci", Secret.of("x"));
        VcsCredentialProvider provider =
                GuardedInstance.of(VcsCredentialProvider.class, _ -> List.of(credential), edge);

        assertThat(executor.attach(reference("gone"))).isEqualTo(new Attachment.Gone("it has ended"));
        assertThat(executor.capabilities()).isEmpty();
        assertThat(provider.lookUp(RepositoryAddress.parse("https://host/repo.git"))
                        .getFirst())
                .isSameAs(credential);
    }

    @Test
    void nullWhereNothingMayBeNullIsADefectOfThePlugin() {
        VcsCredentialProvider provider = GuardedInstance.of(VcsCredentialProvider.class, new ReturnsNull(), edge);

        assertThatThrownBy(() -> provider.lookUp(RepositoryAddress.parse("https://host/repo.git")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("failed in VcsCredentialProvider.lookUp")
                .hasMessageContaining("it returned null");
    }

    @Test
    void guardsAreEqualToThemselvesAndTellWhoseTheyAre() {
        Executor executor = GuardedInstance.of(Executor.class, new Cluster(), edge);

        assertThat(Set.of(executor)).contains(executor);
        assertThat(executor).isNotEqualTo(GuardedInstance.of(Executor.class, new Cluster(), edge));
        assertThat(executor).hasToString("Executor of plugin 'slurm' 1.0.0 (/plugins/slurm)");
    }

    private static ExecutionReference reference(String handle) {
        return new ExecutionReference(new AttemptId("attempt-1"), handle, Path.of("/executions/1"));
    }

    private static Execution found(Executor executor, String handle) throws InterruptedException {
        return switch (executor.attach(reference(handle))) {
            case Attachment.Found(Execution execution) -> execution;
            case Attachment.Gone _, Attachment.Unknown _ -> throw new AssertionError("it is there");
        };
    }

    private final class Cluster implements Executor {
        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Execution start(ExecutionRequest request) {
            return new Job("1");
        }

        @Override
        public Attachment attach(ExecutionReference reference) {
            seen.add(Thread.currentThread().getContextClassLoader());
            return reference.handle().equals("gone")
                    ? new Attachment.Gone("it has ended")
                    : new Attachment.Found(new Job(reference.handle()));
        }
    }

    private final class Job implements Execution {
        private final String name;

        @Override
        public void kill() {
            throw new AssertionError("not asked for in these tests");
        }

        Job(String name) {
            this.name = name;
        }

        @Override
        public String handle() {
            seen.add(Thread.currentThread().getContextClassLoader());
            return name;
        }

        @Override
        public ExecutionState state() throws InterruptedException {
            throw new InterruptedException();
        }

        @Override
        public ExecutionState await(Duration limit) {
            throw new AgentException(ErrorCode.PROGRAM_MISSING, "sbatch is not installed");
        }

        @Override
        public void stop() {
            throw new IllegalStateException("no luck");
        }
    }

    private static final class ReturnsNull implements VcsCredentialProvider {
        @Override
        @SuppressWarnings("NullAway") // the defect that is tested
        public List<VcsCredential> lookUp(RepositoryAddress repository) {
            return null;
        }
    }
}
