// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An environment of one list of requirements that becomes that of another, with the real pip and packages in a folder. */
@Tag("thorough")
class PipUpdateIT {

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    Path temporary;

    private EnvironmentPlan plan(String... lines) throws Exception {
        Path wheels = temporary.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
        PythonWheel.of("kept", "1.0").writeTo(wheels);
        new PythonWheel("beta", "1.0", List.of("delta", "zeta; python_version < '3'")).writeTo(wheels);
        new PythonWheel("gone", "1.0", List.of("delta", "gone-too")).writeTo(wheels);
        for (String name : List.of("delta", "zeta", "gone_too")) {
            PythonWheel.of(name, "1.0").writeTo(wheels);
        }
        TestContext context = TestContext.in(Files.createDirectories(temporary.resolve("agent")))
                .with(PipPackageManagerIT.settings())
                .with(PipPackageManagerIT.only(wheels));
        return new PipPackageManager(context)
                .plan(new EnvironmentRequest(
                        "", Requirements.ofPip(List.of(lines)), new SourceTree(temporary, temporary, false), console));
    }

    @Test
    void whatIsMissingIsInstalledAndWhatIsNotNeededIsRemoved() throws Exception {
        Path built = temporary.resolve("built");
        plan("alpha==1.0", "kept", "gone", "zeta").build(built);
        Path copy = Files.move(built, temporary.resolve("copy"));
        Path untouched;
        try (Stream<Path> files = Files.walk(copy)) {
            untouched = files.filter(path -> path.endsWith("kept/__init__.py"))
                    .findFirst()
                    .orElseThrow();
        }
        Object before = Files.getAttribute(untouched, "unix:ctime");

        EnvironmentPlan wanted = plan("alpha==2.0", "kept", "beta");
        PythonEnvironment updated = wanted.update(copy, built).orElseThrow();

        assertThat(wanted.updatable()).containsExactly("requirements");
        assertThat(updated.frozen().pip())
                .containsExactlyInAnyOrder("alpha==2.0", "beta==1.0", "delta==1.0", "kept==1.0");
        assertThat(Files.getAttribute(untouched, "unix:ctime")).isEqualTo(before);
    }
}
