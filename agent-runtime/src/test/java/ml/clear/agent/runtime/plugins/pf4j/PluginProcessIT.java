// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plugin may do to the process of a command: it is named, and the command ends as it should. */
class PluginProcessIT {

    private static final long LONGEST_SECONDS = 120;

    private static final String SIZES = """
            static final Setting<Long> FEWEST =
                    Setting.of("agent.bad.fewest", ValueTypes.integer(1, 10), 1L, "Fewest");
            static final Setting<Long> MOST = Setting.of("agent.bad.most", ValueTypes.integer(1, 10), 5L, "Most");
            public List<Setting<?>> settings() {
                return List.of(FEWEST, MOST, Setting.required("agent.bad.name", ValueTypes.TEXT, "Name of the pool"));
            }
            public void check(SettingsCheck check) {
                if (check.settings().get(FEWEST) > check.settings().get(MOST)) {
                    check.error(FEWEST, "it is above agent.bad.most");
                }
            }
            """;

    @TempDir
    private Path home;

    private Path plugins;

    @BeforeEach
    void installOneThatWorks() {
        plugins = home.resolve(".clearml/plugins");
        plugin("works").folderIn(plugins);
    }

    @Test
    void exitInTheConstructorIsReportedAndNotRepeated() throws Exception {
        Path jar = plugin("bad").body("public Main() { System.exit(0); }").jarIn(plugins);

        Finished first = run("config", "validate");
        assertThat(first.status()).as(first.err()).isEqualTo(1);
        assertThat(first.err())
                .contains("clearml-agent: error: plugin 'bad' 1.0.0 (" + jar
                        + ") ended the process in its start by System.exit; remove or disable the plugin");

        Finished second = run("plugins", "list");
        assertThat(second.out())
                .containsPattern("(?m)^works +1\\.0\\.0 +started")
                .containsPattern("(?m)^bad +1\\.0\\.0 +failed")
                .contains("its last start ended the process of the agent")
                .contains("clearml-agent plugins enable bad");

        Files.delete(jar);
        plugin("bad").with("version", "1.0.1").jarIn(plugins);
        assertThat(run("plugins", "list").out()).containsPattern("(?m)^bad +1\\.0\\.1 +started");
    }

    @Test
    void haltInTheConstructorIsNamedByTheNextCommand() throws Exception {
        plugin("bad").body("public Main() { Runtime.getRuntime().halt(0); }").folderIn(plugins);

        run("plugins", "list");

        assertThat(run("plugins", "list").out())
                .containsPattern("(?m)^works +1\\.0\\.0 +started")
                .contains("its last start ended the process of the agent, by System.exit, a crash or a kill");
    }

    @Test
    void signalDuringAStartIsNoFaultOfThePlugin() throws Exception {
        Path begun = home.resolve("begun");
        plugin("slow").body("""
                        public Main() throws Exception {
                            java.nio.file.Files.createFile(java.nio.file.Path.of("%s"));
                            Thread.sleep(600_000);
                        }
                        """.formatted(begun)).folderIn(plugins);

        Process process = start("plugins", "list");
        while (process.isAlive() && !Files.exists(begun)) {
            Thread.sleep(20);
        }
        process.destroy();
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(home.resolve(".clearml/agent/plugin-starts")).isEmptyDirectory();
    }

    @Test
    void outputBelongsToTheCommandAndThreadsDoNotKeepTheProcess() throws Exception {
        plugin("loud").body("""
                        public Main() {
                            System.out.println("from the constructor");
                            new Thread(() -> { while (true) { Thread.onSpinWait(); } }, "for-ever").start();
                        }

                        public List<Subcommand> subcommands() {
                            return List.of(Subcommand.of("hello", "For a test", List.of(), invocation -> {
                                System.out.print("printed");
                                invocation.out().println("the result");
                                return 3;
                            }));
                        }
                        """).folderIn(plugins);

        Finished finished = run("hello");

        assertThat(finished.status()).as(finished.err()).isEqualTo(3);
        assertThat(finished.out()).isEqualTo("the result\n");
        assertThat(finished.err())
                .contains("INFO: plugin 'loud' 1.0.0 (" + plugins.resolve("loud") + ") printed: from the constructor\n")
                .contains("printed: printed\n");
    }

    @Test
    void exitInALaterCallAndInAThreadIsReported() throws Exception {
        plugin("bad").body("""
                        public List<Subcommand> subcommands() {
                            return List.of(
                                    Subcommand.of("leave", "For a test", List.of(), invocation -> {
                                        System.exit(0);
                                        return 0;
                                    }),
                                    Subcommand.of("leave-later", "For a test", List.of(), invocation -> {
                                        new Thread(() -> System.exit(0), "leaver").start();
                                        Thread.sleep(600_000);
                                        return 0;
                                    }));
                        }
                        """).folderIn(plugins);

        Finished direct = run("leave");
        assertThat(direct.status()).isEqualTo(1);
        assertThat(direct.err()).contains("ended the process in subcommand 'leave' by System.exit");

        Finished later = run("leave-later");
        assertThat(later.status()).isEqualTo(1);
        assertThat(later.err())
                .contains("plugin 'bad' 1.0.0")
                .contains("ended the process by System.exit in its thread 'leaver'");
    }

    @Test
    void keysOfAPluginThatFailedAreWarningsThatSayWhy() throws Exception {
        plugin("bad")
                .with("sections", "agent.bad")
                .body("public Main() { throw new IllegalStateException(\"no luck\"); }")
                .folderIn(plugins);
        Files.writeString(home.resolve("clearml.conf"), "agent.bad.size: 3\nagent.badder: 1\n");

        Finished finished = run("config", "validate");

        assertThat(finished.out())
                .contains("clearml.conf:1: 'agent.bad' has no effect: plugin 'bad' 1.0.0")
                .contains("java.lang.IllegalStateException: no luck")
                .contains("unknown key 'agent.badder'");
    }

    @Test
    void typeThatFailsToReadAValueIsNamedWithFileAndLine() throws Exception {
        plugin("bad").body("""
                        public List<Setting<?>> settings() {
                            return List.of(Setting.of("agent.bad.size", new ValueType<String>() {
                                public String name() { return "odd"; }
                                public String parse(Object raw) { throw new UnsupportedOperationException("not\\nyet"); }
                                public String render(String value) { return value; }
                                public Map<String, Object> schema() { return Map.of(); }
                            }, "", "For a test"));
                        }
                        """).folderIn(plugins);
        Files.writeString(home.resolve("clearml.conf"), "\nagent.bad.size: 3\n");

        Finished finished = run("config", "validate");

        assertThat(finished.status()).isEqualTo(78);
        assertThat(finished.out())
                .contains(
                        "clearml.conf:2: agent.bad.size is '3'; 'bad' fails to read it:"
                                + " java.lang.UnsupportedOperationException: not yet; report this defect to the author of 'bad'");
        assertThat(finished.err()).doesNotContain("\tat ");
    }

    @Test
    void settingsAreCheckedAgainstEachOtherWithFileAndLine() throws Exception {
        plugin("bad").body(SIZES).folderIn(plugins);
        Files.writeString(home.resolve("clearml.conf"), "agent.bad.most: 3\nagent.bad.fewest: 9\n");

        Finished finished = run("config", "validate");

        assertThat(finished.status()).isEqualTo(78);
        assertThat(finished.out()).contains("clearml.conf:2: agent.bad.fewest: it is above agent.bad.most");
    }

    @Test
    void verificationReportsWhatAPluginDoesBeforeItIsInstalled() throws Exception {
        Path elsewhere = home.resolve("elsewhere");
        installLauncher();

        Finished good = run("plugins", "verify", plugin("good").jarIn(elsewhere).toString());
        assertThat(good.status()).as(good.out() + good.err()).isZero();
        assertThat(good.out())
                .contains("plugin good 1.0.0: package manager good\nmaking package manager 'good'\n")
                .endsWith("verified\n");

        Finished missing = run("plugins", "verify", "absent.jar");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).contains("there is no 'absent.jar'; name a jar, a zip or a folder with a plugin");

        Path exits = plugin("exits").body("public Main() { System.exit(0); }").jarIn(elsewhere);
        Finished bad = run("plugins", "install", exits.toString());
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.err())
                .contains("plugin 'exits' 1.0.0 (" + exits + ") ended the process in its start by System.exit")
                .contains("'" + exits + "' is not installed, see above");
        assertThat(plugins.resolve("exits.jar")).doesNotExist();

        Finished needy = run(
                "plugins",
                "verify",
                plugin("bad")
                        .body(SIZES + TestPlugin.packageManager("bad"))
                        .folderIn(elsewhere)
                        .toString());
        assertThat(needy.status()).isEqualTo(1);
        assertThat(needy.out())
                .contains("error: package manager 'bad': plugin 'bad' 1.0.0")
                .contains("needs agent.bad.name (Name of the pool); set it in clearml.conf");
    }

    /** What a distribution has, for processes that the agent starts of itself. */
    private void installLauncher() throws IOException {
        Path launcher = home.resolve("installation/bin/clearml-agent");
        Files.createDirectories(launcher.getParent());
        Files.writeString(
                launcher,
                command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", " \"$@\"\n")));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private TestPlugin plugin(String id) {
        return new TestPlugin(home, id);
    }

    private Finished run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        Finished finished = new Finished(
                process.waitFor(), Files.readString(home.resolve("out")), Files.readString(home.resolve("err")));
        assertThat(ended).as(finished.toString()).isTrue();
        return finished;
    }

    private List<String> command() {
        return new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "-Dclearml.agent.home=" + home.resolve("installation"),
                "--class-path",
                System.getProperty("java.class.path"),
                "--add-modules=ALL-DEFAULT",
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--module",
                "ml.clear.agent.runtime/ml.clear.agent.runtime.cli.ClearmlAgent"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = command();
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(home.resolve("out").toFile())
                .redirectError(home.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CLEARML_") || name.endsWith("_OPTIONS"));
        builder.environment().put("HOME", home.toString());
        return builder.start();
    }

    private record Finished(int status, String out, String err) {}
}
