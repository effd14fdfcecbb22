// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;

class MergedArgumentsTest {

    private static final Map<String, String> MACHINE = Map.of("TOKEN", "t0", "PLACE", "here");

    private final TestSettings extra =
            TestSettings.defaults().with(DockerSettings.EXTRA_ARGUMENTS, List.of("--network=own", "--memory=1g"));

    @Test
    void theTaskComesLastButReplacesNoProtectedArgument() {
        assertThat(merged(extra, "--network=host --memory=2g"))
                .containsExactly("network=own", "memory=1g", "memory=2g");
        assertThat(merged(extra.with(DockerSettings.PROTECTED, List.of()), "--network=host"))
                .containsExactly("network=own", "memory=1g", "network=host");
    }

    @Test
    void theTaskMayComeFirst() {
        assertThat(merged(extra.with(DockerSettings.EXTRA_FIRST, false), "--network=host --memory=2g"))
                .containsExactly("network=host", "memory=2g", "memory=1g");
    }

    @Test
    void forbiddenArgumentsAreLeftOutWithANote() {
        MergedArguments arguments = arguments(TestSettings.defaults());

        assertThat(arguments.of(ofTask("--entrypoint /x --init")).given()).hasSize(1);
        assertThat(arguments.notes())
                .containsExactly("the container argument --entrypoint is left out: agent.forbidden_docker_args has"
                        + " 'entrypoint'");
        assertThat(merged(
                        TestSettings.defaults().with(DockerSettings.FORBIDDEN, List.of("init")),
                        "--init --entrypoint /x"))
                .containsExactly("entrypoint=/x");
    }

    @Test
    void filtersAllowWhatTheyMatchAndNothingElse() {
        TestSettings filtered = TestSettings.defaults().with(DockerSettings.FILTERS, List.of("^--env$", "^--memory=1"));

        assertThat(merged(filtered, "-e A=1 --memory 1g --memory 2g --init")).containsExactly("env=A=1", "memory=1g");
    }

    @Test
    void variablesOfTheMachineReachTheTaskOnlyWhereThatIsAllowed() {
        String line = "-e A=$PLACE -e TOKEN -e B=${NOWHERE}";

        assertThat(merged(TestSettings.defaults(), line)).containsExactly("env=A=$PLACE", "env=B=${NOWHERE}");
        assertThat(merged(TestSettings.defaults().with(DockerSettings.HOST_ENVIRONMENT, true), line))
                .containsExactly("env=A=here", "env=TOKEN=t0", "env=B=${NOWHERE}");
        assertThat(merged(TestSettings.defaults().with(DockerSettings.EXTRA_ARGUMENTS, List.of("-e", "A=$PLACE")), ""))
                .containsExactly("env=A=here");
    }

    @Test
    void templatesFillValuesAndNeverBecomeOptions() {
        assertThat(merged(TestSettings.defaults(), "-e NAME=${CLEARML_TASK.name}"))
                .containsExactly("env=NAME=--privileged");
        assertThatThrownBy(() -> merged(TestSettings.defaults(), "${CLEARML_TASK.name}"))
                .hasMessageContaining("which is no option");
    }

    private static List<String> merged(TestSettings settings, String line) {
        return arguments(settings).of(ofTask(line)).given().stream()
                .map(given -> given.name() + "=" + given.value())
                .toList();
    }

    private static MergedArguments arguments(TestSettings settings) {
        return new MergedArguments(
                settings,
                MACHINE,
                new ArgumentPolicy(List.of()),
                text -> text.replace("${CLEARML_TASK.name}", "--privileged"));
    }

    private static ImageChoice ofTask(String line) {
        return new ImageChoice("image", ShellWords.split(line), true, "", false);
    }
}
