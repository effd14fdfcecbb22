// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {

    @ParameterizedTest
    @CsvSource({
        "'', false",
        "'  ', false",
        "'print(1)', true",
        "'diff --git a/x b/x', false",
        "'  DIFF --git a/x b/x', false",
        "'different = 1', true",
        "'submodule lib\n  diff --git a/x b/x', false",
        "'submodule = 1\nprint(submodule)', true",
    })
    void aWholeScriptIsToldFromAPatch(String diff, boolean literal) {
        Script script = new Script("", "", "", "", "", "", "", diff, Requirements.NONE);

        assertThat(script.isLiteral()).isEqualTo(literal);
    }

    @Test
    void anIdIsToldFromAName() {
        assertThat(TaskId.matches("0123456789abcdef0123456789abcdef")).isTrue();
        assertThat(TaskId.matches("my training run")).isFalse();
        assertThatThrownBy(() -> new TaskId("../../etc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'../../etc'");
    }

    @Test
    void aStatusThatIsNotKnownDoesNotFail() {
        assertThat(TaskStatus.of("in_progress")).isEqualTo(TaskStatus.IN_PROGRESS);
        assertThat(TaskStatus.of("something_new")).isEqualTo(TaskStatus.UNKNOWN);
    }
}
