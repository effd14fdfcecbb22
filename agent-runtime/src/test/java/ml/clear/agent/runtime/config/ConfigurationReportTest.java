// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
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
                .show(PrintoutSettings.Printout.ALL, false);
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
                .show(PrintoutSettings.Printout.ALL, true);
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
    void whatIsHiddenFollowsThePatternsOfTheConfiguration() {
        String text = """
                agent.sanitize_config_printout {
                    hide_secrets: [colour]
                    hide_secrets_recursive: [^garden$]
                    dont_hide_secrets: [^colourless$]
                }
                sdk { colour: red, colourless: grey, garden { rose: white } }
                """;
        String shown = new ConfigurationReport(Configurations.check(
                        home,
                        Map.of(),
                        text,
                        PrintoutSettings.HIDE_SECRETS,
                        PrintoutSettings.HIDE_SECRETS_RECURSIVE,
                        PrintoutSettings.DONT_HIDE_SECRETS))
                .show(PrintoutSettings.Printout.SET, false);
        assertThat(shown).contains("sdk.colour = ****\n", "sdk.colourless = grey\n", "sdk.garden.rose = ****\n");
    }

    @Test
    void secretVariablesInArgumentsForDockerAreHidden() {
        String text = """
                agent {
                    extra_docker_arguments: ["-e", "AWS_SECRET_ACCESS_KEY=hush one", "--env=MINE=hush2", "--env", "MODE=a",
                        "-e HF_TOKEN=hush3 -v /data:/data"]
                    default_docker.arguments: "--ipc=host -e CLEARML_API_SECRET_KEY='hush 4' --env COLOUR=red"
                    hide_docker_command_env_vars.extra_keys: [MINE]
                    sanitize_config_printout.docker_commands: ["_arguments$", "^arguments$"]
                }
                """;
        String shown = new ConfigurationReport(checked(text)).show(PrintoutSettings.Printout.SET, false);

        assertThat(shown)
                .contains("AWS_SECRET_ACCESS_KEY\\=****\n", "--env\\=MINE\\=****\n", "MODE\\=a\n")
                .contains("-e HF_TOKEN\\=**** -v /data:/data\n")
                .contains("--ipc\\=host -e CLEARML_API_SECRET_KEY\\=**** --env COLOUR\\=red\n")
                .doesNotContain("hush");
        assertThat(checked(text).configuration().secrets())
                .extracting(Secret::reveal)
                .containsExactlyInAnyOrder("hush one", "hush2", "hush 4");
        assertThat(new ConfigurationReport(checked(
                                text.replace("extra_keys", "enabled: false, hide_docker_command_env_vars.extra_keys")))
                        .show(PrintoutSettings.Printout.SET, false))
                .contains("AWS_SECRET_ACCESS_KEY\\=hush one\n");
    }

    private CheckedConfiguration checked(String text) {
        return Configurations.check(
                home,
                Map.of(),
                text,
                PrintoutSettings.DOCKER_COMMANDS,
                PrintoutSettings.HIDE_IN_DOCKER_COMMANDS,
                PrintoutSettings.HIDDEN_DOCKER_VARIABLES);
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
                .validate(List.of());
        assertThat(withoutHome(text)).isEqualTo("""
                error: clearml.conf:3: agent.enable_git_ask_pass is 'maybe'; expected true or false
                warning: clearml.conf:1: unknown key 'sdk'
                warning: clearml.conf:2: unknown key 'agent.flasg'; did you mean 'agent.flags'?
                clearml.conf: 1 error, 2 warnings
                """);
        assertThat(withoutHome(report(Map.of(), "").validate(List.of())))
                .isEqualTo("clearml.conf: 0 errors, 0 warnings\n");
    }

    private String explained(String text, String key) {
        Setting<List<Settings>> buckets = Setting.of(
                "sdk.buckets",
                ValueTypes.list(ValueTypes.group(List.of(Setting.optional("host", ValueTypes.TEXT, "Host")))),
                List.of(),
                "Buckets");
        Configuration configuration = Configurations.check(home, Map.of(), text, NAME, PASSWORD, FLAGS, ASK, buckets)
                .configuration();
        ConfigurationExplanation explanation = new ConfigurationExplanation(configuration);
        return explanation.of(key).orElseGet(() -> explanation.unknown(key));
    }

    @Test
    void explainPrintsEverythingAboutAKey() {
        assertThat(withoutHome(explained("agent.worker_name: m1", "agent.worker_name")))
                .isEqualTo("""
                agent.worker_name
                    Name of the worker
                    type       text
                    default    none
                    variables  CLEARML_WORKER_NAME, TRAINS_WORKER_NAME, CLEARML_AGENT__AGENT__WORKER_NAME
                    value      "m1"
                    from       clearml.conf:1
                    owner      agent
                    effect     used here
                """);
        assertThat(explained("agent.git_pass: hidden", "agent.git_pass"))
                .contains("value      ****")
                .doesNotContain("hidden");
        assertThat(explained("agent.flags: [\"https://me:hidden@host/\"]", "agent.flags"))
                .contains("value      [\"https://me:****@host/\"]\n");
    }

    @Test
    void explainKnowsSectionsMembersAndVariables() {
        assertThat(explained("", "agent")).contains("agent.flags\n    Flags\n").contains("agent.git_pass");
        assertThat(explained("", "sdk.buckets.host")).startsWith("sdk.buckets.host\n    Host\n");
        assertThat(explained("", "sdk.buckets.0.host")).contains("member of  sdk.buckets (list of group)");
        assertThat(explained("", "TRAINS_WORKER_NAME")).startsWith("TRAINS_WORKER_NAME sets\nagent.worker_name\n");
        assertThat(explained("", "CLEARML_AGENT__AGENT__FLAGS")).startsWith("agent.flags\n");
        assertThat(explained("", "CLEARML_AGENT_GPU_FRACTIONS"))
                .isEqualTo("CLEARML_AGENT_GPU_FRACTIONS has no effect: GPUs are shared out as a whole\n");
        assertThat(explained("", "CLEARML_AGENT_FORCE_UV"))
                .isEqualTo(
                        "CLEARML_AGENT_FORCE_UV\n    Where it is true, sets agent.package_manager.type to uv, over every file\n");
        assertThat(explained("", "agent.git_pas"))
                .isEqualTo("no setting is called 'agent.git_pas'; the nearest are agent.git_pass");
        assertThat(explained("", "zzzzzzzzzz"))
                .isEqualTo("no setting is called 'zzzzzzzzzz'; 'clearml-agent config reference' lists all");
        assertThat(explained("", "sdk.buckets.nothing")).startsWith("no setting");
    }

    @Test
    void explainPrintsWhereASectionStandsAndWhatItsEntriesHold() {
        assertThat(withoutHome(explained("\nagent { git_pass: hidden, worker_name: m1 }", "agent")))
                .startsWith("""
                agent
                    Section of the keys below
                    type       section
                    default    the defaults of its keys
                    variables  CLEARML_AGENT__AGENT__KEY
                    value      2 of 4 keys are set
                    from       clearml.conf:2
                    owner      agent
                    effect     as its keys say
                """)
                .doesNotContain("hidden");
        assertThat(explained("sdk.buckets: [{ host: a }, {}, { host: b }]", "sdk.buckets.host"))
                .contains("value      \"a\", \"b\"\n");
    }

    @Test
    void aValueIsPrintedAloneAndMasked() {
        ConfigurationReport report = report(Map.of(), "agent { git_pass: hidden, flags: [x, y] }");
        assertThat(report.value("agent.git_pass")).contains(List.of("****"));
        assertThat(report.value("agent.flags")).contains(List.of("x", "y"));
        assertThat(report.value("agent.enable_git_ask_pass")).contains(List.of("true"));
        assertThat(report.value("agent.worker_name")).contains(List.of());
        assertThat(report.value("agent.nothing")).isEmpty();
    }
}
