// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small packages from the index that this machine's pip is configured for, with the default versions of pip. */
@Tag("thorough")
class PipFromIndexIT {

    @TempDir
    Path temporary;

    /** A package as they were before {@code pyproject.toml}. */
    private Path legacyArchive() throws IOException {
        Path archive = temporary.resolve("legacy-1.0.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (Map.Entry<String, String> file : Map.of(
                            "setup.py",
                            "from setuptools import setup\nsetup(name='legacy', version='1.0', py_modules=['legacy'])\n",
                            "legacy.py",
                            "WHO = 'legacy'\n",
                            "PKG-INFO",
                            "Metadata-Version: 1.0\nName: legacy\nVersion: 1.0\n")
                    .entrySet()) {
                zip.putNextEntry(new ZipEntry("legacy-1.0/" + file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return archive;
    }

    @Test
    void smallPackagesAreInstalledWithTheDefaultSettingsAmongThemSourceArchivesWithoutPyproject() throws Exception {
        EnvironmentPlan plan = new PipPackageManager(TestContext.in(temporary.resolve("agent")))
                .plan(new EnvironmentRequest(
                        "",
                        Requirements.ofPip(List.of(
                                "six==1.16.0",
                                "idna",
                                "docopt==0.6.2",
                                legacyArchive().toString())),
                        new SourceTree(temporary, temporary, false),
                        new RecordedConsole()));

        PythonEnvironment environment = build(plan);

        assertThat(environment.frozen().pip())
                .contains("six==1.16.0", "docopt==0.6.2", "./legacy-1.0.zip")
                .noneMatch(line -> line.startsWith("legacy"))
                .anyMatch(line -> line.startsWith("idna=="));
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
