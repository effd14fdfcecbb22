// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CallerEnvironmentTest {

    @Test
    void savedVariablesGetTheirOwnNamesBackEvenWhenEmpty() {
        var ours = Map.of(
                "CLEARML_AGENT_SAVED_JAVA_TOOL_OPTIONS", "-Dspark=\"a b\"",
                "CLEARML_AGENT_SAVED__JAVA_OPTIONS", "",
                "PATH", "/bin");

        assertThat(CallerEnvironment.restored(ours))
                .isEqualTo(Map.of("JAVA_TOOL_OPTIONS", "-Dspark=\"a b\"", "_JAVA_OPTIONS", "", "PATH", "/bin"));
    }

    @Test
    void whatWasSetSinceThenWins() {
        var ours = Map.of("CLEARML_AGENT_SAVED_CLASSPATH", "/old", "CLASSPATH", "/new");

        assertThat(CallerEnvironment.restored(ours)).isEqualTo(Map.of("CLASSPATH", "/new"));
    }
}
