// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

    private static final Setting<String> PYTHON =
            Setting.of("agent.default_python", ValueTypes.TEXT, "", "Version of Python");
    private static final Setting<Boolean> RELOAD = Setting.of(
                    "agent.reload_config", ValueTypes.BOOLEAN, false, "Whether to reload")
            .environment("RELOAD", "OLD_RELOAD");
    private static final Setting<Optional<Secret>> PASSWORD =
            Setting.optional("agent.git_pass", ValueTypes.SECRET, "Password").environment("GIT_PASS");
    private static final Setting<Optional<Long>> PERCENT = Setting.of(
            "agent.monitoring.percent", ValueTypes.optional(ValueTypes.INTEGER), Optional.of(100L), "Percent");
    private static final Setting<List<String>> WORDS = Setting.of(
                    "agent.words", ValueTypes.list(ValueTypes.TEXT), List.of("a"), "Words")
            .environment("WORDS");
    private static final Setting<Duration> PERIOD =
            Setting.of("agent.period_sec", ValueTypes.duration(ChronoUnit.SECONDS), Duration.ofSeconds(5), "Period");
    private static final Setting<String> HOST = Setting.of("host", ValueTypes.TEXT, "localhost", "Host");
    private static final Setting<Optional<Secret>> KEY = Setting.optional("key", ValueTypes.SECRET, "Key");
    private static final Setting<Boolean> SECURE = Setting.of("secure", ValueTypes.BOOLEAN, true, "Secure");
    private static final Setting<List<Settings>> BUCKETS = Setting.of(
            "sdk.buckets", ValueTypes.list(ValueTypes.group(List.of(HOST, KEY, SECURE))), List.of(), "Buckets");
    private static final Setting<?>[] ALL = {PYTHON, RELOAD, PASSWORD, PERCENT, WORDS, PERIOD, BUCKETS};

    private final Path home;

    ConfigurationTest(@TempDir Path home) {
        this.home = home;
    }

    private CheckedConfiguration check(String text, String... environment) {
        Map<String, String> variables = environment.length == 0
                ? Map.of()
                : environment.length == 2
                        ? Map.of(environment[0], environment[1])
                        : Map.of(environment[0], environment[1], environment[2], environment[3]);
        return Configurations.check(home, variables, text, ALL);
    }

    private Configuration read(String text, String... environment) {
        return check(text, environment).orThrow();
    }

    @Test
    void anUnsetKeyHasItsDefault() {
        Configuration configuration = read("");
        assertThat(configuration.get(RELOAD)).isFalse();
        assertThat(configuration.isSet(RELOAD)).isFalse();
        assertThat(configuration.get(PERCENT)).contains(100L);
        assertThat(configuration.get(PASSWORD)).isEmpty();
        assertThat(configuration.origin(RELOAD)).hasToString("default");
    }

    @Test
    void numbersKeepTheirWrittenTextWhereTextIsAsked() {
        assertThat(read("agent.default_python: 3.10").get(PYTHON)).isEqualTo("3.10");
        assertThat(read("agent.words: [3.10, 1e3, True]").get(WORDS)).containsExactly("3.10", "1e3", "true");
    }

    @Test
    void aSingleValueIsAListOfOneAndADurationMayHaveAUnit() {
        Configuration configuration = read("agent { words: x y, period_sec: 2 m }");
        assertThat(configuration.get(WORDS)).containsExactly("x y");
        assertThat(configuration.get(PERIOD)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void nullTakesTheDefaultAwayAndEmptyTextIsAbsent() {
        assertThat(read("agent.monitoring.percent: null").get(PERCENT)).isEmpty();
        assertThat(read("agent.git_pass: \"\"").get(PASSWORD)).isEmpty();
        assertThat(read("agent.reload_config: null").get(RELOAD)).isFalse();
    }

    @Test
    void variablesWinOverFilesTheFirstThatIsSet() {
        assertThat(read("agent.reload_config: false", "OLD_RELOAD", "yes").get(RELOAD))
                .isTrue();
        assertThat(read("", "RELOAD", "", "OLD_RELOAD", "on").get(RELOAD)).isTrue();
        assertThat(read("", "RELOAD", " ", "OLD_RELOAD", "on").get(RELOAD)).isFalse();
        Configuration configuration = read("agent.words: [file]", "WORDS", "one 'two three'");
        assertThat(configuration.get(WORDS)).containsExactly("one", "two three");
        assertThat(configuration.origin(WORDS)).hasToString("variable WORDS");
    }

    @Test
    void groupsInListsAreRead() {
        Configuration configuration = read("sdk { buckets: [ { host: a, key: k1 }\n { secure: False } ] }");
        List<Settings> buckets = configuration.get(BUCKETS);
        assertThat(buckets.getFirst().get(HOST)).isEqualTo("a");
        assertThat(buckets.getFirst().get(KEY).orElseThrow().reveal()).isEqualTo("k1");
        assertThat(buckets.getLast().get(HOST)).isEqualTo("localhost");
        assertThat(buckets.getLast().get(SECURE)).isFalse();
    }

    @Test
    void everythingWrongIsReportedAtOnceWithItsPlace() {
        CheckedConfiguration checked = check("""
                agent {
                    reload_config: perhaps
                    git_pass: { a: hidden }
                    relaod_config: true
                    period_sec: soon
                    monitoring: 5
                }
                sdk {
                    buckets: [
                        { host: a }
                        {
                            hots: b
                            secure: maybe
                        }
                    ]
                    buckest: []
                }
                agnet {}
                environment { ANYTHING: 1 }
                """);
        assertThat(Configurations.lines(checked.errors(), home))
                .containsExactly(
                        "clearml.conf:2: agent.reload_config is 'perhaps'; expected true or false",
                        "clearml.conf:3: agent.git_pass is a block; expected a single value",
                        "clearml.conf:5: agent.period_sec is 'soon'; expected a duration such as 30s, 5m or 2h");
        assertThat(Configurations.lines(checked.warnings(), home))
                .containsExactly(
                        "clearml.conf:4: unknown key 'agent.relaod_config'; did you mean 'agent.reload_config'?",
                        "clearml.conf:6: 'agent.monitoring' is a section with its own keys, not a single value;"
                                + " write agent.monitoring { … }",
                        "clearml.conf:12: unknown key 'sdk.buckets.1.hots'; did you mean 'sdk.buckets.1.host'?",
                        "clearml.conf:13: sdk.buckets.1.secure is 'maybe'; expected true or false",
                        "clearml.conf:16: unknown key 'sdk.buckest'; did you mean 'sdk.buckets'?",
                        "clearml.conf:18: unknown key 'agnet'; did you mean 'agent'?");
        assertThatThrownBy(checked::orThrow).isInstanceOfSatisfying(AgentException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
            assertThat(String.valueOf(e.getMessage()).lines())
                    .hasSize(4)
                    .first()
                    .isEqualTo("the configuration has 3 errors:");
        });
    }

    @Test
    void valuesThatDoNotFitLeaveTheOthersAndTheDefault() {
        Configuration configuration =
                check("agent { reload_config: perhaps, default_python: 3.12 }").configuration();
        assertThat(configuration.get(RELOAD)).isFalse();
        assertThat(configuration.get(PYTHON)).isEqualTo("3.12");
    }

    @Test
    void problemsNeverHoldSecrets() {
        Setting<Duration> token =
                Setting.of("agent.wait", ValueTypes.duration(ChronoUnit.SECONDS), Duration.ZERO, "Wait");
        CheckedConfiguration checked =
                Configurations.check(home, Map.of(), "agent { git_pass: [hidden], wait: 5 }", PASSWORD, token);
        assertThat(checked.errors()).singleElement().asString().doesNotContain("hidden");
    }

    @Test
    void anUnknownKeyNeverStopsTheAgent() {
        CheckedConfiguration checked = check("agent { unheard_of: 1, default_pyhton: 3 }\napi { http.extra: [] }");
        assertThat(checked.errors()).isEmpty();
        assertThat(Configurations.lines(checked.warnings(), home))
                .containsExactly(
                        "clearml.conf:1: unknown key 'agent.default_pyhton'; did you mean 'agent.default_python'?",
                        "clearml.conf:1: unknown key 'agent.unheard_of'",
                        "clearml.conf:2: unknown key 'api'");
    }

    @Test
    void aSuggestionStaysInTheSectionOfTheKey() {
        assertThat(check("sdk.default_pythonn: 1\nagent.monitoring.default_python: 1")
                        .warnings())
                .extracting(Problem::message)
                .containsExactly("unknown key 'sdk.default_pythonn'", "unknown key 'agent.monitoring.default_python'");
    }

    @Test
    void emptyTextIsAbsentForEveryType() {
        CheckedConfiguration checked = check("""
                agent { reload_config: "", period_sec: "", words: "", git_pass: "", monitoring: "" }
                sdk.buckets: [ { host: a, secure: "" } ]
                """);
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.configuration().get(PERIOD)).isEqualTo(Duration.ofSeconds(5));
        assertThat(checked.configuration().get(WORDS)).isEmpty();
        assertThat(checked.configuration().get(BUCKETS).getFirst().get(SECURE)).isTrue();
    }

    @Test
    void aStrangeValueOfAVariableThatOtherProgramsReadIsSkippedWithAWarning() {
        Setting<Boolean> cpu = Setting.of("agent.cpu_only", ValueTypes.BOOLEAN, false, "CPU only")
                .environment("CLEARML_CPU_ONLY", "CPU_ONLY");
        CheckedConfiguration checked =
                Configurations.check(home, Map.of("CPU_ONLY", "maybe"), "agent.cpu_only: true", cpu);
        assertThat(checked.orThrow().get(cpu)).isTrue();
        assertThat(checked.warnings())
                .singleElement()
                .hasToString("variable CPU_ONLY: agent.cpu_only is 'maybe'; expected true or false");
        assertThat(Configurations.check(home, Map.of("CLEARML_CPU_ONLY", "maybe"), "", cpu)
                        .errors())
                .hasSize(1);
    }

    @Test
    void aPluginTakesTheKeyOfTheVocabularyThatItDeclares() {
        Setting<String> image = Setting.of("agent.default_docker.image", ValueTypes.TEXT, "", "Image");
        KnownKey known = KnownKey.ofPlugin("docker", image);
        KnownKey above = KnownKey.ofPlugin("docker", Setting.optional("agent.default_docker", ValueTypes.ANY, "All"));
        Configurations.write(home.resolve("clearml.conf"), "agent.default_docker.image: x");
        LoadedConfiguration loaded = new ConfigurationLoader(Map.of(), home).load();

        assertThat(loaded.check(List.of(), List.of(known)).notices())
                .singleElement()
                .satisfies(notice -> assertThat(notice.message())
                        .isEqualTo("agent.default_docker.image has no effect: plugin 'docker' would read it"));
        Setting<String> owned = Setting.of("agent.default_docker.image", ValueTypes.TEXT, "", "Image of the plugin");
        CheckedConfiguration checked =
                loaded.check(List.of(new Declarations("docker", List.of(owned))), List.of(known, above));
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.configuration().readings().get("agent.default_docker.image"))
                .satisfies(reading -> assertThat(reading.owner()).isEqualTo("docker"));
    }

    @Test
    void keysAndVariablesWithoutEffectAreReportedOnlyWhenTheyAreSet() {
        CheckedConfiguration checked = runtime(
                Map.of("CLEARML_AGENT_GPU_FRACTIONS", "0.5", "CLEARML_AGENT_DISABLE_VAULT_SUPPORT", "1"),
                "agent { disable_agent_update_check: true, apply_files: true, git_domain: x }");
        assertThat(Configurations.lines(checked.notices(), home))
                .containsExactly(
                        "clearml.conf:1: agent.disable_agent_update_check has no effect: the agent never asks for its newest"
                                + " version",
                        "clearml.conf:1: agent.git_domain has no effect any more: use agent.git_host",
                        "variable CLEARML_AGENT_DISABLE_VAULT_SUPPORT: has no effect: vaults are never fetched",
                        "variable CLEARML_AGENT_GPU_FRACTIONS: has no effect: GPUs are shared out as a whole");
    }

    @Test
    void misfitsOfWhatIsOnlyPassedOnAreWarnings() {
        CheckedConfiguration checked = runtime(Map.of(), """
                sdk { development: true, metrics.file_history_size: many, aws.s3.credentials: [ { secure: maybe } ] }
                agent.bootstrap.use_bootstrap: perhaps
                """);
        assertThat(checked.errors()).isEmpty();
        assertThat(checked.warnings()).hasSize(4);
    }

    private CheckedConfiguration runtime(Map<String, String> environment, String text) {
        Configurations.write(home.resolve("clearml.conf"), text);
        return new ConfigurationLoader(environment, home)
                .load()
                .check(List.of(RuntimeSettings.declarations(List.of())), Vocabulary.all());
    }

    @Test
    void aCallerThatNeedsAPartIsNotStoppedByErrorsElsewhere() {
        CheckedConfiguration checked =
                check("agent { reload_config: perhaps, period_sec: soon, default_python: 3.12 }");
        assertThat(checked.orThrow(problem -> problem.key().equals("agent.default_python"))
                        .get(PYTHON))
                .isEqualTo("3.12");
        assertThatThrownBy(() -> checked.orThrow(problem -> problem.key().equals("agent.period_sec")))
                .hasMessageContaining("the configuration has an error:")
                .hasMessageContaining("agent.period_sec");
    }

    @Test
    void theSameConfigurationIsReadAgainFromTheTextsAfterTheFilesHaveChanged() throws IOException {
        Configurations.write(home.resolve("part.conf"), "agent.default_python: 3.11");
        Configurations.write(home.resolve("clearml.conf"), "include \"part.conf\"\ninclude \"missing.conf\"");
        Configurations.write(home.resolve("tree/default/agent.conf"), "words: [x]");
        Map<String, String> environment =
                Map.of("CLEARML_CONFIG_PATH", home.resolve("tree").toString());
        LoadedConfiguration loaded = new ConfigurationLoader(environment, home).load();
        SourceTexts kept = SourceTexts.of(loaded.texts().bytes());
        Configurations.write(home.resolve("clearml.conf"), "broken {");
        Configurations.write(home.resolve("part.conf"), "");
        Configurations.write(home.resolve("tree/default/agent.conf"), "");

        LoadedConfiguration again = new ConfigurationLoader(environment, home, kept).load();
        assertThat(again.root()).isEqualTo(loaded.root());
        assertThat(again.files()).isEqualTo(loaded.files());
        assertThat(again.problems()).isEqualTo(loaded.problems());
        assertThat(kept).isEqualTo(loaded.texts());
    }

    @Test
    void oneKeyDeclaredByTwoIsRefusedNamingBoth() {
        LoadedConfiguration loaded = new ConfigurationLoader(Map.of(), home).load();
        Setting<String> inside = Setting.of("agent.default_python.x", ValueTypes.TEXT, "", "Inside");
        List<Declarations> twice = List.of(
                new Declarations("pip", List.of(PYTHON)),
                new Declarations("uv", List.of(PYTHON)),
                new Declarations("odd", List.of(inside)));
        assertThatThrownBy(() -> loaded.check(twice, List.of()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("setting 'agent.default_python' is declared by both 'pip' and 'uv'")
                .hasMessageContaining(
                        "setting 'agent.default_python.x' of 'odd' lies inside setting 'agent.default_python' of 'pip'");
    }

    @Test
    void anUndeclaredSettingIsADefectAndACopyOfADeclaredOneIsRead() {
        Configuration configuration = read("agent.default_python: 3.12");
        Setting<String> copy = Setting.of("agent.default_python", ValueTypes.TEXT, "x", "A copy");
        Setting<String> other = Setting.of("agent.other", ValueTypes.TEXT, "x", "Other");
        assertThat(configuration.get(copy)).isEqualTo("3.12");
        assertThatThrownBy(() -> configuration.get(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("agent.other");
        assertThatThrownBy(() -> configuration.isSet(other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allSecretsAreKnownToTheRedactor() {
        Configuration configuration = read("""
                sdk { buckets: [ { key: "in a list" }, { host: x } ], other { account_key: "of an unknown key" } }
                environment { HF_TOKEN: "of the environment", MODE: plain }
                """, "GIT_PASS", "of a variable");
        assertThat(configuration.secrets())
                .extracting(Secret::reveal)
                .containsExactlyInAnyOrder("in a list", "of an unknown key", "of the environment", "of a variable");
    }
}
