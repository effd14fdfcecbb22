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
    void theTaskGetsTheLocaleOfTheUserAndNotTheAgents() {
        assertThat(CallerEnvironment.restored(
                        Map.of("CLEARML_AGENT_SAVED_LC_ALL", "de_DE.ISO-8859-1", "LC_ALL", "C.UTF-8", "LANG", "de_DE")))
                .isEqualTo(Map.of("LC_ALL", "de_DE.ISO-8859-1", "LANG", "de_DE"));
        assertThat(CallerEnvironment.restored(Map.of("CLEARML_AGENT_SAVED_LC_ALL", "", "LC_ALL", "C.UTF-8")))
                .isEmpty();
        assertThat(CallerEnvironment.restored(Map.of("LC_ALL", "C.UTF-8"))).isEqualTo(Map.of("LC_ALL", "C.UTF-8"));
    }

    @Test
    void whatWasSetSinceThenWins() {
        var ours = Map.of("CLEARML_AGENT_SAVED_CLASSPATH", "/old", "CLASSPATH", "/new");

        assertThat(CallerEnvironment.restored(ours)).isEqualTo(Map.of("CLASSPATH", "/new"));
    }
}
