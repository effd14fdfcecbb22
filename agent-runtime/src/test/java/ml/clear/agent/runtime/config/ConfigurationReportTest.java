// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReportTest {

    private static final Setting<Optional<String>> NAME = Setting.optional(
                    "agent.worker_name", ValueTypes.TEXT, "Name of the worker")
            .environment("CLEARML_WORKER_NAME", "TRAINS_WORKER_NAME");
    private static final Setting<Optional<Secret>> PASSWORD =
            Setting.optional("agent.git_pass", ValueTypes.SECRET, "Password");
    private static final Setting<List<String>> FLAGS =
            Setting.of("agent.flags", ValueTypes.list(ValueTypes.TEXT), List.of("-a", "-b=c"), "Flags");
    private static final Setting<Boolean> ASK =
            Setting.of("agent.enable_git_ask_pass", ValueTypes.BOOLEAN, true, "Whether git asks");

    private final Path home;

    ConfigurationReportTest(@TempDir Path home) {
        this.home = home;
    }

    private ConfigurationReport report(Map<String, String> environment, String text) {
        return new ConfigurationReport(Configurations.check(home, environment, text, NAME, PASSWORD, FLAGS, ASK));
    }

    private String withoutHome(String text) {
        return text.replace(home + "/", "");
    }

    @Test
    void showListsWhatIsInEffect() {
        String shown = report(
                        Map.of("CLEARML_WORKER_NAME", "m1"),
                        "agent { git_pass: hidden, worker_name: m0 }\nsdk.index: \"https://a:b@host/\"\nenvironment { A: x }\nsdk.my_token: t")
                .show();
        assertThat(shown).isEqualTo("""
                agent.enable_git_ask_pass = true
                agent.flags.0 = -a
                agent.flags.1 = -b\\=c
                agent.git_pass = ****
                agent.worker_name = m1
                environment.A = ****
                sdk.index = https://a:****@host/
                sdk.my_token = ****
                """);
    }

    @Test
    void showTellsWhereValuesComeFrom() {
        String shown = report(Map.of("CLEARML_WORKER_NAME", "m1"), "\nagent.git_pass: hidden\nsdk.x: [1]")
                .showWithOrigins();
        assertThat(withoutHome(shown)).isEqualTo("""
                agent.enable_git_ask_pass = true    # default
                agent.flags.0 = -a    # default
                agent.flags.1 = -b\\=c    # default
                agent.git_pass = ****    # clearml.conf:2
                agent.worker_name = m1    # variable CLEARML_WORKER_NAME
                sdk.x.0 = 1    # clearml.conf:3
                """);
    }

    @Test
    void theHeadingNamesVersionAndFile() {
        assertThat(heading("agent.task_printout: all"))
                .startsWith(
                        "Current configuration (clearml_agent v0.1.0, location: clearml.conf):\n----------------------\nagent.")
                .contains("agent.enable_git_ask_pass = true");
    }

    @Test
    void theHeadingHoldsWhatIsSetAloneOrNothingWithoutSecrets() {
        assertThat(heading("agent.git_pass: hidden"))
                .endsWith("----------------------\nagent.git_pass = ****")
                .doesNotContain("hidden");
        assertThat(heading("agent { task_printout: none, git_pass: hidden }")).isEmpty();
    }

    private String heading(String text) {
        CheckedConfiguration checked =
                Configurations.check(home, Map.of(), text, NAME, PASSWORD, FLAGS, ASK, PrintoutSettings.TASK_PRINTOUT);
        return withoutHome(String.join("\n", new ConfigurationReport(checked).heading("0.1.0")));
    }

    @Test
    void validateListsErrorsThenWarningsAndCounts() {
        String text = report(Map.of(), "sdk.x: 1\nagent.flasg: 1\nagent.enable_git_ask_pass: maybe")
                .validate();
        assertThat(withoutHome(text)).isEqualTo("""
                error: clearml.conf:3: agent.enable_git_ask_pass is 'maybe'; expected true or false
                warning: clearml.conf:1: unknown key 'sdk'
                warning: clearml.conf:2: unknown key 'agent.flasg'; did you mean 'agent.flags'?
                clearml.conf: 1 error, 2 warnings
                """);
        assertThat(withoutHome(report(Map.of(), "").validate())).isEqualTo("clearml.conf: 0 errors, 0 warnings\n");
    }

    @Test
    void explainTellsEverythingAboutAKey() {
        String text = report(Map.of(), "agent.worker_name: m1").explain("agent.worker_name");
        assertThat(withoutHome(text)).isEqualTo("""
                agent.worker_name
                    Name of the worker
                    type       text
                    default    none
                    variables  CLEARML_WORKER_NAME, TRAINS_WORKER_NAME
                    value      "m1"
                    from       clearml.conf:1
                    owner      agent
                """);
        assertThat(report(Map.of(), "agent.git_pass: hidden").explain("agent.git_pass"))
                .contains("value      ****")
                .doesNotContain("hidden");
    }

    @Test
    void explainListsASectionAndSuggestsForWhatIsUnknown() {
        ConfigurationReport report = report(Map.of(), "");
        assertThat(report.explain("agent")).contains("agent.flags\n    Flags\n").contains("agent.git_pass");
        assertThat(report.explain("agent.git_pas"))
                .isEqualTo("no setting is called 'agent.git_pas'; the nearest are agent.git_pass\n");
        assertThat(report.explain("zzzzzzzzzz")).isEqualTo("no setting is called 'zzzzzzzzzz'\n");
        assertThat(report.knows("agent.flags")).isTrue();
        assertThat(report.knows("agent")).isTrue();
        assertThat(report.knows("agent.fl")).isFalse();
    }
}
