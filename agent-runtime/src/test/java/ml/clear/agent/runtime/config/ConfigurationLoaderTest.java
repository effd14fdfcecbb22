// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationLoaderTest {

    private final Path home;

    ConfigurationLoaderTest(@TempDir Path home) {
        this.home = home;
    }

    private static String at(LoadedConfiguration loaded, String key) {
        return loaded.root().at(key).map(node -> ((Node.Scalar) node).text()).orElse("nothing");
    }

    private LoadedConfiguration load(Map<String, String> environment) {
        return new ConfigurationLoader(environment, home).load();
    }

    @Test
    void withoutAnyFileTheConfigurationIsEmpty() {
        LoadedConfiguration loaded = load(Map.of());
        assertThat(loaded.files()).isEmpty();
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.root().members()).isEmpty();
    }

    @Test
    void theNewerHomeFileIsLaidOverTheOlderOne() {
        Configurations.write(home.resolve("trains.conf"), "a { b: 1, c: 1, d: [1], e { f: 1 } }");
        Configurations.write(home.resolve("clearml.conf"), "a { b: 2, d: [2], e: null }");
        LoadedConfiguration loaded = load(Map.of());
        assertThat(at(loaded, "a.b")).isEqualTo("2");
        assertThat(at(loaded, "a.c")).isEqualTo("1");
        assertThat(Json.render(loaded.root().at("a.d").orElseThrow())).isEqualTo("[\n  2\n]\n");
        assertThat(loaded.root().at("a.e").orElseThrow()).isInstanceOf(Node.Null.class);
        assertThat(loaded.files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("trains.conf", "clearml.conf");
    }

    @Test
    void aFileNamedByAVariableReplacesTheHomeFiles() {
        Configurations.write(home.resolve("clearml.conf"), "a: home");
        Configurations.write(home.resolve("other.conf"), "b: other");
        LoadedConfiguration loaded = load(Map.of("CLEARML_CONFIG_FILE", "", "TRAINS_CONFIG_FILE", "~/other.conf"));
        assertThat(at(loaded, "a")).isEqualTo("nothing");
        assertThat(at(loaded, "b")).isEqualTo("other");
    }

    @Test
    void aMissingFileNamedByAVariableCountsAsEmptyButOneOfTheCommandLineIsRefused() {
        ConfigurationLoader loader =
                new ConfigurationLoader(Map.of("CLEARML_CONFIG_FILE", home + "/absent.conf"), home);
        assertThat(loader.load().problems()).isEmpty();
        assertThatThrownBy(() -> loader.load(home.resolve("absent.conf")))
                .isInstanceOf(AgentException.class)
                .hasMessage("Could not open configuration file: " + home + "/absent.conf");
        assertThatThrownBy(() -> loader.load(home)).isInstanceOf(AgentException.class);
    }

    @Test
    void aVariableMaySelectThePackageManager() {
        Configurations.write(home.resolve("clearml.conf"), "agent.package_manager.type: pip");

        assertThat(at(load(Map.of("CLEARML_AGENT_FORCE_POETRY", "1")), "agent.package_manager.type"))
                .isEqualTo("poetry");
        assertThat(at(load(Map.of("CLEARML_AGENT_FORCE_UV", "true")), "agent.package_manager.type"))
                .isEqualTo("uv");
        assertThat(at(load(Map.of("CLEARML_AGENT_FORCE_UV", "0")), "agent.package_manager.type"))
                .isEqualTo("pip");
    }

    @Test
    void theFolderTreeLiesBelowTheFiles() {
        Path tree = home.resolve("tree");
        Configurations.write(tree.resolve("ignored.conf"), "x: 1");
        Configurations.write(tree.resolve("default/agent.conf"), "{ a: 1, b: 1, c: 1 }");
        Configurations.write(tree.resolve("default/sub/deep.conf"), "d: 4");
        Configurations.write(tree.resolve("default/notes.txt"), "}");
        Configurations.write(tree.resolve("local/agent.conf"), "b: 2\nc: 2");
        Configurations.write(home.resolve("clearml.conf"), "agent.c: 3");
        LoadedConfiguration loaded = load(Map.of("CLEARML_CONFIG_PATH", tree.toString(), "TRAINS_ENV", "local"));
        assertThat(at(loaded, "agent.a")).isEqualTo("1");
        assertThat(at(loaded, "agent.b")).isEqualTo("2");
        assertThat(at(loaded, "agent.c")).isEqualTo("3");
        assertThat(at(loaded, "sub.deep.d")).isEqualTo("4");
        assertThat(at(loaded, "ignored")).isEqualTo("nothing");
        assertThatThrownBy(() -> load(Map.of("CLEARML_CONFIG_PATH", tree.toString(), "CLEARML_ENV", "prod")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'prod'; allowed are default, demo, local");
    }

    @Test
    void variablesAreLaidOverFilesAndThoseOfTheAgentWin() {
        Configurations.write(home.resolve("clearml.conf"), "agent { git_user: file, other: file }");
        LoadedConfiguration loaded = load(Map.of(
                "CLEARML__AGENT__GIT_USER", "sdk",
                "CLEARML_AGENT__AGENT__GIT_USER", "agent",
                "CLEARML__AGENT__OTHER", "${NAME}-x",
                "CLEARML_AGENT__TOP", "[1, True]",
                "CLEARML_AGENT__NOTHING", "",
                "NAME", "ann"));
        assertThat(at(loaded, "agent.git_user")).isEqualTo("agent");
        assertThat(loaded.root().at("agent.git_user").orElseThrow().origin())
                .hasToString("variable CLEARML_AGENT__AGENT__GIT_USER:1");
        assertThat(at(loaded, "agent.other")).isEqualTo("ann-x");
        assertThat(Json.render(loaded.root().at("top").orElseThrow())).isEqualTo("[\n  1,\n  true\n]\n");
        assertThat(at(loaded, "nothing")).isEmpty();
    }

    @Test
    void aVariableThatCannotBeReadIsNamed() {
        assertThat(load(Map.of("CLEARML_AGENT__AGENT__X", "{a")).problems())
                .singleElement()
                .asString()
                .startsWith("variable CLEARML_AGENT__AGENT__X");
    }

    @Test
    void aFileThatIsNotTextIsNamed() throws Exception {
        Files.write(home.resolve("clearml.conf"), new byte[] {'a', ':', (byte) 0xC3, (byte) 0x28});
        assertThat(load(Map.of()).problems())
                .singleElement()
                .hasToString(home + "/clearml.conf: is not written in UTF-8");
    }

    @Test
    void oneSettingCanBeReadBeforeAllAreDeclared() {
        Setting<Long> setting =
                Setting.of("agent.x", ValueTypes.INTEGER, 1L, "X").environment("X");
        Configurations.write(home.resolve("clearml.conf"), "agent.x: 2\nagent.y: unknown");
        assertThat(load(Map.of()).peek(setting)).isEqualTo(2);
        assertThat(load(Map.of("X", "3")).peek(setting)).isEqualTo(3);
        assertThat(load(Map.of("X", "many")).peek(setting)).isEqualTo(2);
    }
}
