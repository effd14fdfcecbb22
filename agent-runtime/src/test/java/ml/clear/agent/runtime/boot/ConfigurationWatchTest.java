// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.redact.Redactor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigurationWatchTest {

    private static final String GOOD = "agent.worker_name: first\nagent.git_pass: hidden\n";

    private final Path home;
    private final Path file;
    private final Path kept;
    private final List<String> said = new ArrayList<>();
    private final List<Duration> polls = new ArrayList<>();
    private final List<Agent> agents = new ArrayList<>();
    private int edits;

    ConfigurationWatchTest(@TempDir Path home) {
        this.home = home;
        this.file = home.resolve("clearml.conf");
        this.kept = home.resolve("kept/1.texts");
    }

    @AfterEach
    void close() {
        agents.forEach(Agent::close);
    }

    private Agent agent(Map<String, String> environment) {
        Agent agent = new Agent(new AgentProcess(environment, home, home, "0.1.0"), AgentOptions.NONE, new Redactor());
        agents.add(agent);
        return agent;
    }

    private ConfigurationWatch watch(String text) throws IOException {
        edit(text);
        return new ConfigurationWatch(
                agent(Map.of()),
                new ConfigurationInForce(kept),
                changed -> polls.add(changed.get(WorkerSettings.QUEUE_POLL_PERIOD)),
                said::add);
    }

    private void edit(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L + edits++));
    }

    /** The name of the worker for an execute process that is started now. */
    private String nameForTheNextTask() {
        return agent(new ConfigurationInForce(kept).variables())
                .configuration()
                .get(WorkerSettings.WORKER_NAME)
                .orElse("none");
    }

    @Test
    void aBrokenFileIsReportedOnceAndTheNextTaskGetsTheLastGoodConfiguration() throws IOException {
        try (ConfigurationWatch watch = watch(GOOD)) {
            edit("agent { broken");
            watch.look();
            watch.look();
            assertThat(said).singleElement().asString().contains("keeping the last valid configuration");
            assertThat(nameForTheNextTask()).isEqualTo("first");
            edit("agent.reload_config: perhaps");
            watch.look();
            assertThat(nameForTheNextTask()).isEqualTo("first");
            Files.delete(file);
            watch.look();
            assertThat(nameForTheNextTask()).isEqualTo("first");
            edit(GOOD);
            watch.look();
            assertThat(said).hasSize(4).last().asString().contains("again as it is in force");
            assertThat(kept).doesNotExist();
            assertThat(nameForTheNextTask()).isEqualTo("first");
        }
        assertThat(said).noneMatch(line -> line.contains("hidden"));
    }

    @Test
    void theDaemonItselfFollowsAnEditWhenReloadingIsSwitchedOn() throws IOException {
        try (ConfigurationWatch watch = watch("agent.reload_config: true")) {
            edit("agent { reload_config: true, queue_poll_period_sec: 7 }");
            watch.look();
            edit("agent { reload_config: true, queue_poll_period_sec: often }");
            watch.look();
        }
        assertThat(polls).containsExactly(Duration.ofSeconds(7));
        assertThat(said).last().asString().contains("keeping the last valid configuration");
    }

    @Test
    void anEditTakesEffectOnlyWhenReloadingIsSwitchedOn() throws IOException {
        try (ConfigurationWatch watch = watch(GOOD)) {
            edit("agent.worker_name: second");
            watch.look();
            assertThat(said).singleElement().asString().contains("takes effect when the daemon starts again");
            assertThat(nameForTheNextTask()).isEqualTo("first");
            assertThat(Files.getPosixFilePermissions(kept)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(kept).doesNotExist();
        said.clear();
        try (ConfigurationWatch watch = watch("agent { reload_config: true, worker_name: first }")) {
            edit("agent { reload_config: true, worker_name: second }");
            watch.look();
            assertThat(said).singleElement().asString().contains("takes effect with the next task");
            assertThat(nameForTheNextTask()).isEqualTo("second");
            edit("agent { reload_config: true, worker_name: }}");
            watch.look();
            assertThat(nameForTheNextTask()).isEqualTo("second");
        }
    }

    /** What an operator, an editor or a broken disk may make of the file. */
    enum Damage {
        SYNTAX_ERROR("agent { worker_name: second"),
        WRONG_TYPE("agent { worker_name: second, reload_config: perhaps }"),
        WRONG_SELECTION("agent { worker_name: [second], package_manager.type: {} }"),
        EMPTY(""),
        BLANK(" \n\n# nothing is left\n"),
        INCLUDES_ITSELF("agent.worker_name: second\ninclude \"clearml.conf\"\n"),
        BINARY("\u007fELF\u0000\u0001\u00ff\u00fe\u0000{"),
        CONTROL_CHARACTERS("\u0001\u0002{}\u0000[["),
        UNRESOLVED("agent.worker_name: ${NO_SUCH_VARIABLE_HERE}"),
        REMOVED(""),
        A_FOLDER(""),
        UNREADABLE("");

        private final String content;

        Damage(String content) {
            this.content = content;
        }

        void happenTo(Path file) throws IOException {
            switch (this) {
                case REMOVED -> Files.delete(file);
                case A_FOLDER -> {
                    Files.delete(file);
                    Files.createDirectory(file);
                }
                case UNREADABLE -> Files.setPosixFilePermissions(file, Set.of());
                default -> Files.writeString(file, content, StandardCharsets.ISO_8859_1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void noDamageOfTheFileReachesTheNextTaskAndEachIsReportedOnce(Damage damage) throws IOException {
        for (boolean reload : List.of(false, true)) {
            said.clear();
            String good = GOOD + "agent.reload_config: " + reload;
            try (ConfigurationWatch watch = watch(good)) {
                damage.happenTo(file);
                assumeFalse(damage == Damage.UNREADABLE && Files.isReadable(file), "root reads every file");
                watch.look();
                watch.look();
                assertThat(said)
                        .as("reload " + reload)
                        .singleElement()
                        .asString()
                        .doesNotContain("hidden", "second");
                assertThat(nameForTheNextTask()).as("reload " + reload).isEqualTo("first");

                Files.deleteIfExists(file);
                edit(good);
                watch.look();
                assertThat(said).hasSize(2).last().asString().contains("again as it is in force");
            }
        }
    }

    @Test
    void anUnknownKeyIsReportedWhenAnEditTakesEffect() throws IOException {
        try (ConfigurationWatch watch = watch("agent { reload_config: true, worker_name: first }")) {
            edit("agent { reload_config: true, worker_name: second, worker_nmae: third }");
            watch.look();
            watch.look();
        }
        assertThat(said).hasSize(2).last().asString().contains("unknown key 'agent.worker_nmae'");
        assertThat(nameForTheNextTask()).isEqualTo("second");
    }
}
