// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite of commands passes on a command that keeps the contract; calls are checked as the agent checks them. */
class TestInvocationTest extends SubcommandContract {

    private static final Subcommand GREET = Subcommand.of(
            "greet",
            "Print a greeting",
            List.of(Option.flag("--loud", "in capitals"), Option.argument("name", "who is greeted")),
            invocation -> {
                String greeting = "hello " + invocation.value("name").orElseThrow();
                invocation.out().println(invocation.has("--loud") ? greeting.toUpperCase(Locale.ROOT) : greeting);
                return 0;
            });

    @TempDir
    private Path folder;

    @Override
    protected AgentPlugin plugin() {
        return new AgentPlugin() {
            @Override
            public List<Subcommand> subcommands() {
                return List.of(Subcommand.group("polite", "Say things", List.of(GREET)));
            }
        };
    }

    @Override
    protected Map<String, TestInvocation> examples() {
        return Map.of("polite greet", call().with("name", "you"));
    }

    private TestInvocation call() {
        return TestInvocation.in(TestContext.in(folder));
    }

    @Test
    void resultsAreKept() throws Exception {
        TestInvocation call = call().with("name", "you").with("--loud");

        assertThat(call.run(GREET)).isZero();
        assertThat(call.printed()).isEqualTo("HELLO YOU\n");
        assertThat(call.messages()).isEmpty();
    }

    @Test
    void callsThatTheAgentWouldRefuseAreRefused() {
        assertThatThrownBy(() -> call().run(GREET)).hasMessageContaining("option 'name' takes one value");
        assertThatThrownBy(
                        () -> call().with("name", "you").with("--loud", "very").run(GREET))
                .hasMessageContaining("option '--loud' takes no value");
        assertThatThrownBy(() -> call().with("name", "you").with("--times", "2").run(GREET))
                .hasMessageContaining("has no option '--times'");
    }
}
