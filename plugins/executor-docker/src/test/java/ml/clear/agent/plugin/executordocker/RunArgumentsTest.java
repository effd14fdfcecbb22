// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.plugin.executordocker.RunArguments.Given;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunArgumentsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--memory 1g | memory=1g",
                "--memory=1g | memory=1g",
                "-m 1g | memory=1g",
                "-m1g | memory=1g",
                "-m=1g | memory=1g",
                "-itd -e A=1 | env=A=1",
                "-it -eA=1 | env=A=1",
                "-Pe A | publish-all=true,env=A",
                "--privileged | privileged=true",
                "--privileged=false | privileged=false",
                "--net host | network=host",
                "--dns-opt ndots:1 | dns-option=ndots:1",
                "--rm --interactive --attach stdout --sig-proxy=false | ''",
                "-e 'A=one two' --env B=3 | env=A=one two,env=B=3",
                "--env=A=b=c | env=A=b=c",
            })
    void everyFormOfAnOptionIsUnderstood(String line, String expected) {
        assertThat(parse(line).given().stream().map(RunArgumentsTest::text).toList())
                .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(",")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--no-such-option | holds '--no-such-option', which is no option of docker run",
                "-Z | holds '-Z', which is no option",
                "ubuntu | holds 'ubuntu', which is no option; the image is set apart",
                "--memory | ends with '--memory', which needs a value",
                "-e | ends with '-e', which needs a value",
                "--cidfile=/x | holds '--cidfile', which has no meaning for the container of a task",
                "--init=perhaps | holds '--init=perhaps'; a switch is true or false",
            })
    void whatIsWrongIsNamed(String line, String message) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(AgentException.class).hasMessageContaining(message);
    }

    private static RunArguments parse(String line) {
        return RunArguments.parse(ShellWords.split(line), "the test");
    }

    private static String text(Given given) {
        return given.name() + "=" + given.value();
    }

    @Test
    void theLastValueCounts() {
        assertThat(parse("--memory 1g --memory 2g").value("memory")).contains("2g");
    }
}
