// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentBlockTest {

    @TempDir
    private Path home;

    @Test
    void valuesAreWrittenAsPythonWritesThem() {
        assertThat(variables("""
                environment { TEXT: "two words", NUMBER: 3.10, YES: true, NOTHING: null, LIST: [1, a, false]
                    a.b: x }
                """))
                .isEqualTo(Map.of(
                        "TEXT", "two words",
                        "NUMBER", "3.10",
                        "YES", "True",
                        "NOTHING", "",
                        "LIST", "[1, 'a', False]",
                        "a", "{'b': 'x'}"));
    }

    @Test
    void theSwitchTurnsTheBlockOff() {
        assertThat(variables("agent.apply_environment: false\nenvironment.TEXT: x"))
                .isEmpty();
        assertThat(variables("")).isEmpty();
    }

    private Map<String, String> variables(String text) {
        return EnvironmentBlock.of(Configurations.check(home, Map.of(), text, TaskSettings.APPLY_ENVIRONMENT)
                .orThrow());
    }
}
