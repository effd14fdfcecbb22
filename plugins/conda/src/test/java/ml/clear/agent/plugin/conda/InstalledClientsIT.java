// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command lines of installed clients, given to a stand-in for them: package indexes offer no client. */
class InstalledClientsIT {

    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private Path programs = Path.of("");
    private final RecordedConsole console = new RecordedConsole();

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        programs = Files.createDirectories(folder.resolve("programs"));
        Files.createDirectories(folder.resolve("sources"));
    }

    private Path standIn(String name) throws IOException {
        Path program = programs.resolve(name);
        try (InputStream source = getClass().getResourceAsStream("stand_in.py")) {
            Files.copy(Objects.requireNonNull(source), program);
        }
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void has(String file, String words) throws IOException {
        Files.writeString(programs.resolve(file), words);
    }

    private List<String> commands() throws IOException {
        return Files.readAllLines(programs.resolve("log")).stream()
                .map(line -> line.replaceAll("--file \\S+", "--file FILE"))
                .toList();
    }

    private PackageManager manager(TestSettings settings, Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.putIfAbsent("PATH", programs + ":" + System.getenv("PATH"));
        TestSettings all = settings.with(PythonSettings.CPU_ONLY, true);
        return CondaContext.of(TestContext.in(folder.resolve("agent")), folder, all)
                .with(variables)
                .manager();
    }

    private EnvironmentRequest request(Requirements requirements) {
        Path sources = folder.resolve("sources");
        return new EnvironmentRequest("3.11", requirements, new SourceTree(sources, sources, false), console);
    }

    private static Requirements conda(String... lines) {
        return new Requirements(List.of(), List.of(lines), List.of(), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "conda, 24.1.2, env create --quiet",
        "mamba, 1.5.8, env create --quiet",
        "mamba, 2.0.5, create --yes",
        "micromamba, 2.0.5, create --yes"
    })
    void eachClientIsGivenAFileWithChannelsAndPackages(String name, String version, String command) throws Exception {
        standIn(name);
        has("versions", name + "=" + version);
        Path environment = folder.resolve("environment");
        TestSettings settings =
                TestSettings.defaults().with(CondaSettings.CHANNELS, "https://ci:s3cr3t@channel.invalid/lab");

        EnvironmentPlan plan = manager(settings, Map.of()).plan(request(conda("numpy=1.21", "lab::scipy")));
        PythonEnvironment built = plan.build(environment);

        assertThat(commands())
                .containsExactly(
                        name + " --version", name + " " + command + " --prefix " + environment + " --file FILE");
        assertThat(programs.resolve("description.json"))
                .content()
                .contains(
                        "\"channels\": [\"https://ci:s3cr3t@channel.invalid/lab\", \"lab\", \"nodefaults\"]",
                        "\"dependencies\": [\"numpy 1.21.*\", \"lab::scipy\", \"python 3.11.*\", \"pip\"]");
        assertThat(plan.identity()).containsEntry("client", name + " " + version);
        assertThat(built.frozen().conda()).contains("numpy==1.0");
    }

    @Test
    void condaIsPreferredAndTheUsualVariablesNameClientsThatAreNotOnPath() throws Exception {
        Path conda = standIn("conda");
        Path micromamba = standIn("micromamba");
        String path = System.getenv("PATH");

        assertThat(client(Map.of())).startsWith("conda ");
        assertThat(client(Map.of("PATH", path, "MAMBA_EXE", micromamba.toString())))
                .startsWith("micromamba ");
        assertThat(client(Map.of("PATH", path, "CONDA_EXE", conda.toString(), "MAMBA_EXE", micromamba.toString())))
                .startsWith("conda ");
        assertThat(client(Map.of("PATH", path))).startsWith("py-rattler ");
    }

    private String client(Map<String, String> variables) throws InterruptedException {
        return manager(TestSettings.defaults(), variables)
                .plan(request(Requirements.NONE))
                .identity()
                .getOrDefault("client", "");
    }

    @Test
    void condaBefore4330IsNotUsed() throws Exception {
        standIn("conda");
        has("versions", "conda=4.3.29");

        assertThat(client(Map.of())).startsWith("py-rattler ");
        assertThat(console.text()).contains("is conda 4.3.29 and is not used; it must be 4.3.30 or newer");
    }

    @ParameterizedTest
    @CsvSource({"conda", "micromamba"})
    void whatAClientsChannelsLackIsAskedForInAnotherFormOrLeftOut(String name) throws Exception {
        standIn(name);
        has("lacks", "appnope pip");
        has("elsewhere", "appnope");

        manager(TestSettings.defaults(), Map.of())
                .plan(request(conda("numpy", "appnope")))
                .build(folder.resolve("environment"));

        assertThat(console.text()).contains("'appnope' exists for other systems only and is left out");
        assertThat(programs.resolve("description.json"))
                .content()
                .contains("\"dependencies\": [\"numpy\", \"python 3.11.*\"]");
    }

    @Test
    void theBaseEnvironmentOfTheInstalledCondaIsUpdated() throws Exception {
        standIn("conda");
        Path base = programs.resolve("base");
        Files.createDirectories(base.resolve("conda-meta"));

        EnvironmentPlan plan = manager(TestSettings.defaults().with(CondaSettings.BASE_ENVIRONMENT, true), Map.of())
                .plan(request(conda("numpy")));
        PythonEnvironment environment = plan.build(folder.resolve("environment"));

        assertThat(plan.cacheable()).isFalse();
        assertThat(environment.interpreter()).isEqualTo(base.resolve("bin/python"));
        assertThat(commands()).last().isEqualTo("conda env update --quiet --prefix " + base + " --file FILE");
    }
}
