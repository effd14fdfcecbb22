// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;

class ImageChoiceTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Container NONE = Container.NONE;
    private static final Container OWN = new Container("own:1", "-e A=1", "echo own");

    private final TestSettings defaults = TestSettings.defaults()
            .with(DockerSettings.IMAGE, "default:1")
            .with(DockerSettings.ARGUMENTS, List.of("--ipc=host"));

    @Test
    void theImageOfTheTaskComesWithItsArgumentsAlone() {
        assertThat(choice(OWN, defaults))
                .isEqualTo(new ImageChoice("own:1", List.of("-e", "A=1"), true, "echo own", false));
        assertThat(choice(new Container("own:1 --init", "-e A=1", ""), defaults).arguments())
                .containsExactly("--init", "-e", "A=1");
    }

    @Test
    void theDefaultServesTasksThatNameNoneOrMayNot() {
        ImageChoice expected = new ImageChoice("default:1", List.of("--ipc=host"), false, "", true);
        assertThat(choice(NONE, defaults)).isEqualTo(expected);
        assertThat(choice(OWN, defaults.with(DockerSettings.IGNORE_TASK, true)))
                .isEqualTo(new ImageChoice("default:1", List.of("--ipc=host"), false, "echo own", true));
    }

    @Test
    void textBehindTheDefaultImageReplacesTheDefaultArguments() {
        assertThat(choice(NONE, defaults.with(DockerSettings.IMAGE, "default:1 --init"))
                        .arguments())
                .containsExactly("--init");
    }

    @Test
    void theCommandLineStandsAboveTheDefaultAndTheRules() {
        TestSettings settings = defaults.with(DockerSettings.COMMAND_LINE_IMAGE, "typed:1 --init")
                .with(DockerSettings.MATCH_RULES, List.of(rule(Map.of("user_id", "u"), "ruled:1")));

        assertThat(choice(NONE, settings)).isEqualTo(new ImageChoice("typed:1", List.of("--init"), false, "", true));
        assertThat(choice(OWN, settings).image()).isEqualTo("own:1");
    }

    @Test
    void theFirstRuleThatFitsChoosesForTasksWithoutImage() {
        TestSettings settings = defaults.with(
                DockerSettings.MATCH_RULES,
                List.of(
                        rule(Map.of("project", "^other$"), "no:1"),
                        rule(Map.of(), "never:1"),
                        rule(Map.of("script", Map.of("binary", "python3\\.11", "branch", "main")), "yes:1"),
                        rule(Map.of("project", "vision"), "late:1")));

        assertThat(choice(NONE, settings))
                .isEqualTo(new ImageChoice("yes:1", List.of("--shm-size=1g"), false, "echo rule", true));
        assertThat(choice(OWN, settings).image()).isEqualTo("own:1");
    }

    @Test
    void tagsAndRequirementsAreMatched() {
        assertThat(image(Map.of("tags", List.of("gpu", "^big$")))).isEqualTo("ruled:1");
        assertThat(image(Map.of("tags", List.of("gpu", "small")))).isEqualTo("default:1");
        assertThat(image(Map.of("script", Map.of("requirements", Map.of("pip", Map.of("torch", "==2\\.1"))))))
                .isEqualTo("ruled:1");
        assertThat(image(Map.of("script", Map.of("requirements", Map.of("pip", Map.of("tensorflow", ""))))))
                .isEqualTo("default:1");
    }

    @Test
    void aForcedRuleReplacesTheContainerOfTheTask() {
        Map<String, Object> forced = Map.of(
                "image",
                "forced:1",
                "arguments",
                "--init",
                "match",
                Map.of("container", "own"),
                "force_container_rules",
                true);

        assertThat(choice(OWN, defaults.with(DockerSettings.MATCH_RULES, List.of(forced))))
                .isEqualTo(new ImageChoice("forced:1", List.of("--init"), false, "", true));
    }

    @Test
    void aRuleThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> image(Map.of("colour", "blue")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("agent.default_docker.match_rules: a rule matches 'colour'");
        assertThatThrownBy(() -> image(Map.of("project", "("))).hasMessageContaining("'(' is no regular expression");
    }

    @Test
    void theContainerOfARuleIsWrittenIntoTheTaskUnlessThatIsTurnedOff() {
        Map<String, Object> rule = rule(Map.of("project", "vision"), "yes:1");
        Map<String, Object> silent = new HashMap<>(rule);
        silent.put("update_back_task", false);
        TestSettings off = defaults.with(DockerSettings.WRITE_BACK, false);

        assertThat(choice(NONE, defaults.with(DockerSettings.MATCH_RULES, List.of(rule)))
                        .isWrittenBack())
                .isTrue();
        assertThat(choice(NONE, off.with(DockerSettings.MATCH_RULES, List.of(rule)))
                        .isWrittenBack())
                .isFalse();
        assertThat(choice(NONE, defaults.with(DockerSettings.MATCH_RULES, List.of(silent)))
                        .isWrittenBack())
                .isFalse();
        assertThat(choice(NONE, off).isWrittenBack()).as("the default").isTrue();
    }

    @Test
    void aContainerThatWasWrittenBackIsTrustedAsTheConfigurationIs() {
        TestSettings privileged = defaults.with(DockerSettings.ARGUMENTS, List.of("--privileged", "-e", "A=b c"));
        Container written = choice(NONE, privileged).container();

        assertThat(choice(written, privileged).arguments()).containsExactly("--privileged", "-e", "A=b c");
        assertThat(choice(written, privileged).ofTask()).isFalse();
        assertThat(choice(written, defaults).ofTask())
                .as("no longer configured")
                .isTrue();
    }

    private String image(Map<String, Object> match) {
        return choice(NONE, defaults.with(DockerSettings.MATCH_RULES, List.of(rule(match, "ruled:1"))))
                .image();
    }

    private static Map<String, Object> rule(Map<String, Object> match, String image) {
        return Map.of(
                "image",
                image,
                "arguments",
                List.of("--shm-size=1g"),
                "setup_shell_script",
                "echo rule",
                "match",
                match);
    }

    private static ImageChoice choice(Container container, TestSettings settings) {
        Script script = new Script(
                "python3.11",
                "https://host/repo.git",
                "main",
                "",
                "",
                ".",
                "train.py",
                "",
                Requirements.ofPip(List.of("numpy", "torch==2.1.0")));
        return ImageChoice.of(
                new TaskFacts(TASK, "name", "vision/first", "p", "u1", List.of("gpu", "big"), script, container),
                settings);
    }
}
