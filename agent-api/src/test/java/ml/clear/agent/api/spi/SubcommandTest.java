// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import ml.clear.agent.api.spi.Subcommand.Option;
import org.junit.jupiter.api.Test;

class SubcommandTest {

    @Test
    void noNameOfAnOptionIsUsedTwice() {
        assertThatThrownBy(() -> command(
                        Option.flag("--all", "x"), Option.flag("--every", "x").orName("--all")))
                .hasMessage("command 'greet' has the option '--all' twice");
        assertThatThrownBy(() -> command(Option.flag("--host", "x").orName("-h")))
                .hasMessage("command 'greet' has the option '-h' twice; the agent itself adds it");
    }

    @Test
    void noCommandIsInAGroupTwice() {
        assertThatThrownBy(() -> Subcommand.group("polite", "x", List.of(command(), command())))
                .hasMessage("command 'polite' has the subcommand 'greet' twice");
    }

    @Test
    void onlyTheLastArgumentTakesManyValues() {
        assertThat(command(Option.argument("to", "x"), Option.arguments("words", "x"))
                        .options())
                .hasSize(2);
        assertThatThrownBy(() -> command(Option.arguments("words", "x"), Option.argument("to", "x")))
                .hasMessageContaining("has an argument after 'words', which takes all that follow");
    }

    private static Subcommand command(Option... options) {
        return Subcommand.of("greet", "x", List.of(options), _ -> 0);
    }
}
