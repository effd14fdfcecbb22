// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.runtime.plugins.AbsentSettings;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginHost;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plugin may do to others while it is found and started: it fails alone, on one line that names it. */
class HarmfulPluginTest extends PluginFixture {

    private static final Setting<?> WORKER = Setting.of("agent.worker_id", ValueTypes.TEXT, "", "The id of the worker");
    private static final Setting<?> TYPE =
            Setting.of("agent.package_manager.type", ValueTypes.TEXT, "", "The package manager");

    @BeforeEach
    void installOneThatWorks() {
        plugin("works").folderIn(plugins());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agent.worker_id.deeper | which lies inside setting 'agent.worker_id' of the agent itself",
                "agent.package_manager | which is a section: setting 'agent.package_manager.type' of the agent itself lies in it"
            })
    void settingThatOverlapsOneOfTheAgent(String key, String how) {
        plugin("bad").body(setting(key)).folderIn(plugins());

        assertThat(problem("bad", request -> request.agentSettings(List.of(WORKER, TYPE))))
                .contains("it contributes setting '" + key + "', " + how);
    }

    @Test
    void settingThatOverlapsOneOfAnotherPlugin() {
        plugin("alpha").body(setting("agent.alpha")).folderIn(plugins());
        plugin("bad").body(setting("agent.alpha.size")).folderIn(plugins());

        assertThat(problem("bad")).contains("which lies inside setting 'agent.alpha' of plugin 'alpha' 1.0.0");
    }

    @Test
    void settingsThatOverlapEachOther() {
        plugin("bad").body("""
                        public List<Setting<?>> settings() {
                            return List.of(
                                    Setting.of("agent.bad.size", ValueTypes.TEXT, "", "For a test"),
                                    Setting.of("agent.bad", ValueTypes.TEXT, "", "For a test"));
                        }
                        """).folderIn(plugins());

        assertThat(problem("bad")).contains("setting 'agent.bad.size' of the plugin itself lies in it");
    }

    @Test
    void constructorThatNeverReturns() {
        plugin("bad").body("""
                        public Main() {
                            try {
                                Thread.sleep(600_000);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                        """).folderIn(plugins());

        assertThat(problem("bad", request -> request.startLimit(Duration.ofSeconds(1))))
                .contains("its start did not end within 1 seconds; it is in test.bad.Main.<init>, line ");
    }

    @Test
    void settingsThatNeverReturn() {
        plugin("bad")
                .body("public List<Setting<?>> settings() { while (true) { Thread.onSpinWait(); } }")
                .folderIn(plugins());

        assertThat(problem("bad", request -> request.startLimit(Duration.ofSeconds(1))))
                .contains("it is in test.bad.Main.settings, line ");
    }

    @Test
    void nullNamesTheMethodThatReturnedIt() {
        plugin("bad")
                .body("public List<Setting<?>> settings() { return null; }")
                .folderIn(plugins());
        plugin("worse")
                .body(
                        "public List<Factory<PackageManager>> packageManagers() { return Arrays.asList((Factory<PackageManager>) null); }")
                .folderIn(plugins());

        assertThat(problem("bad")).contains("settings() threw java.lang.NullPointerException: it returned null");
        assertThat(problem("worse")).contains("packageManagers() threw java.lang.NullPointerException");
    }

    @Test
    void typeOfASettingThatFails() {
        plugin("bad").body("""
                        public List<Setting<?>> settings() {
                            return List.of(Setting.of("agent.bad", new ValueType<String>() {
                                public String name() { throw new IllegalStateException("no name\\nfor you"); }
                                public String parse(Object raw) { return "x"; }
                                public String render(String value) { return value; }
                                public Map<String, Object> schema() { return Map.of(); }
                            }, "", "For a test"));
                        }
                        """).folderIn(plugins());

        assertThat(problem("bad"))
                .contains("the type of setting 'agent.bad' threw java.lang.IllegalStateException: no name for you");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bad Name!", "", "-x", "x--y", "Pip", "two\\nlines"})
    void nameOfAContributionThatIsNone(String name) {
        plugin("bad").body(TestPlugin.packageManager(name)).folderIn(plugins());

        assertThat(problem("bad"))
                .contains("it contributes package manager '" + name.replace("\\n", " ") + "'")
                .contains("a name has lower-case words joined by dashes");
    }

    @Test
    void commandThatIsOneOfTheAgents() {
        plugin("bad").body("""
                        public List<Subcommand> subcommands() {
                            return List.of(Subcommand.of("daemon", "For a test", List.of(), invocation -> 0));
                        }
                        """).folderIn(plugins());

        assertThat(problem("bad", request -> request.agentWords(Set.of("daemon", "run"))))
                .contains("it contributes subcommand 'daemon', as the agent itself does");
    }

    @Test
    void optionThatIsOneOfTheAgents() {
        plugin("bad").body("""
                        public List<ExecutorOption> executorOptions() {
                            return List.of(new ExecutorOption(
                                    Subcommand.Option.flag("--niceness", "For a test").orName("--project"),
                                    Set.of(ExecutorOption.Command.RUN), "bad", values -> Map.of()));
                        }
                        """).folderIn(plugins());

        assertThat(problem("bad", request -> request.agentWords(Set.of("run", "--project"))))
                .contains("it contributes option '--project', as the agent itself does");
    }

    @Test
    void commandWhoseOptionsCannotBeParsed() {
        plugin("bad").body("""
                        public List<Subcommand> subcommands() {
                            return List.of(Subcommand.of("greet", "For a test", List.of(
                                    Subcommand.Option.flag("--all", "x"), Subcommand.Option.flag("--all", "y")),
                                    invocation -> 0));
                        }
                        """).folderIn(plugins());

        assertThat(problem("bad")).contains("subcommands() threw", "command 'greet' has the option '--all' twice");
    }

    @Test
    void classOfANewerApi() {
        plugin("bad")
                .body("""
                        public List<Setting<?>> settings() {
                            return List.of(Setting.of("agent.bad", ValueTypes.TEXT, "", "For a test").renamed());
                        }
                        """)
                .jar(main -> main.patched("ml.clear.agent.api.config.Setting", """
                        package ml.clear.agent.api.config;
                        public final class Setting<T> {
                            public static <T> Setting<T> of(String key, ValueType<T> type, T value, String text) { return null; }
                            public Setting<T> renamed() { return this; }
                        }
                        """))
                .folderIn(plugins());

        assertThat(problem("bad"))
                .contains("it was built for a newer version of the agent's API: this agent lacks")
                .contains("ml.clear.agent.api.config.Setting.renamed()")
                .contains("install a version of the plugin that fits this agent");
    }

    @Test
    void linkToNothing() throws IOException {
        Path link = Files.createSymbolicLink(plugins().resolve("bad.jar"), temporary.resolve("gone.jar"));
        Path folder = Files.createSymbolicLink(plugins().resolve("worse"), temporary.resolve("gone"));

        assertThat(problem("bad.jar"))
                .contains("'" + link + "' is a link to '" + temporary.resolve("gone.jar") + "', which does not exist");
        assertThat(problem("worse")).contains("'" + folder + "' is a link to '" + temporary.resolve("gone") + "'");
    }

    @Test
    void pipe() throws IOException, InterruptedException {
        Path jar = mkfifo(plugins().resolve("bad.jar"));
        Path zip = mkfifo(plugins().resolve("bad.zip"));
        Path folder = plugin("worse").folderIn(plugins());
        Files.delete(folder.resolve("plugin.properties"));
        Path descriptor = mkfifo(folder.resolve("plugin.properties"));
        Path library = mkfifo(plugin("worst").folderIn(plugins()).resolve("lib/x.jar"));

        assertThat(problem("bad.jar")).contains("'" + jar + "' is a pipe, a socket or a device");
        assertThat(problem("bad.zip")).contains("'" + zip + "' is a pipe, a socket or a device");
        assertThat(problem("worse")).contains("'" + descriptor + "' is a pipe, a socket or a device");
        assertThat(problem("worst")).contains("'" + library + "' is a pipe, a socket or a device");
    }

    @Test
    void unreadableFiles() throws IOException {
        Path folder = plugin("bad").folderIn(plugins());
        Files.setPosixFilePermissions(
                folder.resolve("plugin.properties"), PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(folder.resolve("plugin.properties")), "root may read everything");

        assertThat(problem("bad")).contains("plugin.properties' may not be read by user");
    }

    @Test
    void descriptorsThatAreNone() throws IOException {
        Path folder = plugin("bad").folderIn(plugins());
        Files.writeString(folder.resolve("plugin.properties"), "plugin.id=bad\nplugin.version=\\u00zz\n");
        Path other = plugin("worse").folderIn(plugins());
        Files.delete(other.resolve("plugin.properties"));
        Files.createDirectory(other.resolve("plugin.properties"));

        assertThat(problem("bad")).contains("plugin.properties' is malformed: Malformed \\uxxxx encoding.");
        assertThat(problem("worse")).contains("plugin.properties' is a folder");
    }

    @Test
    void keysOfPluginsThatAreNotStartedAreKnown() throws IOException {
        plugin("named").with("sections", "agent.named, agent.other").folderIn(plugins());
        plugin("off").body(setting("agent.off.size")).folderIn(plugins());
        Path jar = plugin("corrupt").body(setting("agent.corrupt.size")).jarIn(plugins());
        Path gone = plugin("gone").body(setting("agent.gone.size")).jarIn(plugins());
        assertThat(load(request(List.of(plugins()))).absentSettings()).isEmpty();

        Files.writeString(plugins().resolve("disabled.txt"), "off\nnamed\n");
        Files.write(jar, "no jar".getBytes(StandardCharsets.UTF_8));
        Files.delete(gone);

        PluginHost host = load(request(List.of(plugins())));
        assertThat(host.absentSettings())
                .extracting(AbsentSettings::keys)
                .containsExactlyInAnyOrder(
                        Set.of("agent.named", "agent.other"),
                        Set.of("agent.off.size"),
                        Set.of("agent.corrupt.size"),
                        Set.of("agent.gone.size"));
        assertThat(host.absentSettings())
                .extracting(AbsentSettings::reason)
                .anyMatch(reason -> reason.contains("plugin 'off' 1.0.0") && reason.contains("is disabled: listed in"))
                .anyMatch(reason -> reason.contains("'" + jar + "' is corrupt"))
                .anyMatch(reason -> reason.equals("plugin 'gone' 1.0.0 (" + gone
                        + ") is not installed any more; install it again, or remove the key"));
    }

    private String problem(String id) {
        return problem(id, request -> request);
    }

    /** The one line about a plugin, after checking its form and that the healthy plugin started. */
    private String problem(String id, UnaryOperator<PluginHostRequest.Builder> change) {
        List<InstalledPlugin> found =
                load(change.apply(request(List.of(plugins())))).plugins();
        assertThat(find(found, "works").status()).isInstanceOf(PluginStatus.Started.class);
        InstalledPlugin plugin = find(found, id);
        assertThat(plugin.problem()).isPresent();
        assertThat(plugin.problem().orElseThrow())
                .startsWith(plugin.label() + " cannot be used: ")
                .contains("; ")
                .doesNotContain("\n");
        return plugin.problem().orElseThrow();
    }

    private static Path mkfifo(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        return path;
    }

    private static String setting(String key) {
        return """
                public List<Setting<?>> settings() {
                    return List.of(Setting.of("%s", ValueTypes.TEXT, "", "For a test"));
                }
                """.formatted(key);
    }
}
