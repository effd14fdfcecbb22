// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalOptionsTest {

    @Test
    void theCommandIsTheFirstWordThatIsNoOption() {
        GlobalOptions options = GlobalOptions.of(List.of("--config-file", "x.conf", "-d", "run", "--debug", "a.py"));

        assertThat(options.command()).contains("run");
        assertThat(options.configFile()).contains(Path.of("x.conf"));
        assertThat(options.debug()).isTrue();
    }

    @Test
    void whatFollowsTheCommandIsNotOurs() {
        GlobalOptions options = GlobalOptions.of(List.of("daemon", "-d", "--config-file", "x"));

        assertThat(options.debug()).isFalse();
        assertThat(options.configFile()).isEmpty();
    }

    @Test
    void anotherProcessReadsTheSameConfiguration() {
        GlobalOptions options = GlobalOptions.of(List.of("--config-file", "x.conf", "run"));

        assertThat(options.forChildren())
                .containsExactly(
                        "--config-file", Path.of("x.conf").toAbsolutePath().toString());
    }
}
