// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.server.ServerConnectionSettings;
import ml.clear.agent.runtime.worker.DaemonSchedule;
import ml.clear.agent.runtime.worker.QueueOrder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keys of the configuration change in the parts that the agent is made of. */
class AgentConfigurationTest {

    @TempDir
    private Path home;

    private Agent agent(String text) throws IOException {
        Files.writeString(home.resolve("clearml.conf"), text);
        return new Agent(new AgentProcess(Map.of(), home, home, "0.1.0"), AgentOptions.NONE, new Redactor());
    }

    @Test
    void stateIsKeptInTheFolderThatIsConfigured() throws IOException {
        try (Agent agent = agent("agent.state_dir: \"" + home + "/state\"")) {
            assertThat(agent.folders().executions()).startsWithRaw(home.resolve("state"));
        }
    }

    @Test
    void pluginsAreLookedForInTheFoldersThatAreConfigured() throws IOException {
        Path folder = Files.createDirectories(home.resolve("mine"));
        Files.writeString(folder.resolve("odd.jar"), "no jar");
        try (Agent agent = agent("agent { state_dir: \"" + home + "/s\", plugins.folders: [\"" + folder + "\"] }")) {
            assertThat(agent.plugins().all())
                    .extracting(InstalledPlugin::origin)
                    .containsExactly(folder.resolve("odd.jar"));
        }
    }

    @Test
    void theServerIsTheOneOfTheConfigurationUnderItsOldNameToo() throws Exception {
        String rest = ", web_server: \"http://web:8080\", files_server: \"http://files:8081\", credentials {"
                + " access_key: k, secret_key: s } }";
        try (Agent agent = agent("api { api_server: \"http://api:8008\"" + rest)) {
            ServerInUse server = agent.locateServer();
            assertThat(server.api()).hasToString("http://api:8008");
            assertThat(server.web()).isEqualTo("http://web:8080");
            assertThat(server.files()).isEqualTo("http://files:8081");
        }
        try (Agent agent = agent("api { host: \"http://old:8008\"" + rest)) {
            assertThat(agent.locateServer().api()).hasToString("http://old:8008");
        }
    }

    @Test
    void requestsAreRepeatedAsTheConfigurationSays() throws Exception {
        String text = """
                api {
                    api_server: "http://api:8008", credentials { access_key: k, secret_key: s }
                    http.retries { total: 7, backoff_factor: 0.5, backoff_max: 9 }
                }
                """;
        try (Agent agent = agent(text)) {
            ServerConnectionSettings settings =
                    ServerConnection.settings(agent.locateServer(), agent.configuration(), "host", "0.1.0");
            assertThat(settings.retries().limit()).isEqualTo(7);
            assertThat(settings.retries().firstPause()).isEqualTo(Duration.ofMillis(500));
            assertThat(settings.retries().longestPause()).isEqualTo(Duration.ofSeconds(9));
        }
    }

    @Test
    void pluginsAreInstalledFromTheRepositoriesThatAreConfigured() throws IOException {
        try (Agent agent =
                agent("agent.plugins.maven_repositories: [\"https://first.invalid\", \"https://second.invalid\"]")) {
            assertThat(agent.plugins().repositories())
                    .extracting(URI::getHost)
                    .containsExactly("first.invalid", "second.invalid");
        }
    }

    @Test
    void theDiskOfTheConfiguredFolderIsMeasured() throws IOException {
        Path data = Files.createDirectory(home.resolve("data"));
        Gpus none = new Gpus(Map.of(), Optional.empty());
        try (Agent agent = agent("agent.resource_monitoring.disk_use_path: \"" + data + "\"")) {
            assertThat(Machines.measured(agent, none).watchedDisk()).isEqualTo(data);
        }
        try (Agent agent = agent("")) {
            assertThat(Machines.measured(agent, none).watchedDisk()).isEqualTo(home);
        }
    }

    @Test
    void aDaemonPollsAndReportsAsTheConfigurationSaysUnlessAnOptionDoes() throws IOException {
        String text = "agent { queue_poll_period_sec: 2, status_report_period_sec: 7, worker_tags: [large, fast] }";
        try (Agent agent = agent(text)) {
            DaemonSchedule rhythm =
                    DaemonWiring.rhythm(options(Duration.ofSeconds(40), List.of()), agent.configuration());
            assertThat(rhythm.pollPeriod()).isEqualTo(Duration.ofSeconds(2));
            assertThat(rhythm.reportPeriod()).isEqualTo(Duration.ofSeconds(7));
            assertThat(rhythm.tags()).containsExactly("large", "fast");
            assertThat(DaemonWiring.rhythm(options(null, List.of("own")), agent.configuration())
                            .tags())
                    .containsExactly("own");
        }
        try (Agent agent = agent("agent { queue_poll_period_sec: 0, status_report_period_sec: 0 }")) {
            DaemonSchedule rhythm =
                    DaemonWiring.rhythm(options(Duration.ofSeconds(40), List.of()), agent.configuration());
            assertThat(rhythm.pollPeriod()).isEqualTo(Duration.ofSeconds(40));
            assertThat(rhythm.reportPeriod()).isEqualTo(Duration.ofSeconds(30));
        }
    }

    private static DaemonOptions options(@Nullable Duration poll, List<String> tags) {
        return new DaemonOptions(
                List.of("default"),
                false,
                QueueOrder.PRIORITY,
                null,
                poll,
                tags,
                null,
                List.of(),
                null,
                List.of(),
                Map.of(),
                false,
                "");
    }
}
