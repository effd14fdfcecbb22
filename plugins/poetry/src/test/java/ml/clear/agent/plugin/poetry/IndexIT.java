// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.plugin.pip.PipPlugin;
import ml.clear.agent.plugin.uv.UvPlugin;
import ml.clear.agent.testkit.InstalledProgram;
import ml.clear.agent.testkit.PackageIndex;
import ml.clear.agent.testkit.PythonWheel;
import ml.clear.agent.testkit.RecordedConsole;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** pip, uv and poetry with package indexes that ask for a password: a real one, and one that fails now and then. */
@Tag("thorough")
class IndexIT {

    private final RecordedConsole console = new RecordedConsole();

    @TempDir
    private Path folder;

    private Path wheels;
    private boolean repeatingThemselves = true;

    @BeforeEach
    void writePackages() {
        wheels = folder.resolve("wheels");
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pip", "uv", "poetry"})
    void packagesComeFromARealServerThatAsksForAPassword(String manager) throws Exception {
        try (RealIndex index = RealIndex.of(wheels)) {
            PythonEnvironment environment = build(manager, index.address(), TestSettings.defaults());

            assertThat(environment.frozen().pip()).contains("alpha==1.0");
            assertThat(index.log()).contains("alpha-1.0-py3-none-any.whl");
        }
        assertThat(console.text()).doesNotContain(PackageIndex.PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pip", "uv", "poetry"})
    void anIndexThatFailsForAMomentFailsNoTask(String manager) throws Exception {
        try (PackageIndex index = PackageIndex.of(wheels)) {
            index.failNext(1);
            index.breakNext(1);

            assertThat(build(manager, index.address(), TestSettings.defaults())
                            .frozen()
                            .pip())
                    .contains("alpha==1.0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pip", "uv"})
    void aRunThatABrokenDownloadEndedIsRepeated(String manager) throws Exception {
        repeatingThemselves = false;
        try (PackageIndex index = PackageIndex.of(wheels)) {
            index.breakNext(1);

            assertThat(build(manager, index.address(), TestSettings.defaults())
                            .frozen()
                            .pip())
                    .contains("alpha==1.0");
        }
        assertThat(console.text()).contains("A fault of the network ended " + manager + " (", "trying again in 2 s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pip", "poetry"})
    void anInstallerThatTakesTooLongIsKilledWithACodeOfItsOwn(String manager) throws Exception {
        TestSettings settings = TestSettings.defaults().with(PackageSettings.INSTALL_TIMEOUT, "1s");

        assertThat(catchThrowable(() -> build(manager, "http://127.0.0.1:9/simple/", settings)))
                .isInstanceOfSatisfying(
                        AgentException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.TIMED_OUT))
                .hasMessageContaining("did not end within");
    }

    private PythonEnvironment build(String manager, String address, TestSettings settings) throws Exception {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Requirements requirements = switch (manager) {
            case "pip" -> Requirements.ofPip(List.of("alpha"));
            default -> {
                Files.writeString(sources.resolve("pyproject.toml"), project(manager, address));
                yield Requirements.NONE;
            }
        };
        TestContext context = TestContext.in(folder.resolve("agent"))
                .with(settings.with(new PipPlugin().settings().getFirst(), List.of(">=9")))
                .with(variables(address));
        PackageManager installer = Stream.of(new PipPlugin(), new UvPlugin(), new PoetryPlugin())
                .flatMap(plugin -> plugin.packageManagers().stream())
                .filter(one -> one.name().equals(manager))
                .findFirst()
                .orElseThrow()
                .create(context);
        return installer
                .plan(new EnvironmentRequest("", requirements, new SourceTree(sources, sources, true), console))
                .build(folder.resolve("environment"));
    }

    private static String project(String manager, String address) {
        String source = manager.equals("uv") ? """
                [[tool.uv.index]]
                name = "local"
                url = "%s"
                default = true
                """ : """
                [tool.poetry]
                package-mode = false
                [[tool.poetry.source]]
                name = "local"
                url = "%s"
                priority = "primary"
                """;
        return """
                [project]
                name = "demo"
                version = "0.1"
                requires-python = ">=3.9"
                dependencies = ["alpha"]
                """ + source.formatted(address);
    }

    private Map<String, String> variables(String address) throws Exception {
        Map<String, String> variables = new HashMap<>(RealPoetry.variables(folder.resolve("poetry cache")));
        variables.keySet().removeIf(name -> name.startsWith("PIP_") || name.startsWith("UV_"));
        variables.put(
                "PATH",
                InstalledProgram.ofPython("uv-0.13.9", "uv", "uv==0.13.9").getParent()
                        + File.pathSeparator
                        + variables.get("PATH"));
        variables.put("PIP_CONFIG_FILE", "/dev/null");
        variables.put(
                "PIP_INDEX_URL", address.replace("://", "://" + PackageIndex.USER + ":" + PackageIndex.PASSWORD + "@"));
        variables.put("PIP_NO_CACHE_DIR", "1");
        variables.put("UV_INDEX_LOCAL_USERNAME", PackageIndex.USER);
        variables.put("UV_INDEX_LOCAL_PASSWORD", PackageIndex.PASSWORD);
        variables.put("UV_CACHE_DIR", folder.resolve("uv cache").toString());
        variables.put("POETRY_HTTP_BASIC_LOCAL_USERNAME", PackageIndex.USER);
        variables.put("POETRY_HTTP_BASIC_LOCAL_PASSWORD", PackageIndex.PASSWORD);
        if (!repeatingThemselves) {
            variables.put("PIP_RETRIES", "0");
            variables.put("UV_HTTP_RETRIES", "0");
        }
        return variables;
    }
}
