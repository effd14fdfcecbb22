// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTreeTest {

    private final CommandTree tree = new CommandTree(
            "Tests the tree.",
            List.of(
                    Option.value("--config-file", "path", "the configuration"),
                    Option.flag("--debug", "tell more").orName("-d")),
            List.of(
                    Subcommand.of(
                            "daemon",
                            "Poll queues",
                            List.of(
                                    Option.values("--queue", "queue", "the queues"),
                                    Option.flag("--detached", "go to the background")
                                            .orName("-d")),
                            invocation -> 0),
                    Subcommand.of(
                            "run",
                            "Run a script",
                            List.of(
                                    Option.argument("script", "the script"),
                                    Option.arguments("arguments", "its arguments"),
                                    Option.value("--name", "text", "a name")),
                            invocation -> 0),
                    Subcommand.group(
                            "server",
                            "A server",
                            List.of(Subcommand.of("stop", "Stop it", List.of(), invocation -> 0)))));

    @Test
    void aListTakesAllValuesUpToTheNextOption() {
        ParsedCommand parsed = tree.parse(List.of("daemon", "--queue", "a", "b", "--detached"));

        assertThat(parsed.values("--queue")).containsExactly("a", "b");
        assertThat(parsed.has("--detached")).isTrue();
    }

    @Test
    void theSameShortNameMeansSomethingElseBehindTheCommand() {
        assertThat(tree.parse(List.of("-d", "daemon")).has("--detached")).isFalse();
        assertThat(tree.parse(List.of("daemon", "-d")).has("--detached")).isTrue();
    }

    @Test
    void anUnambiguousPrefixOfAnOptionIsEnough() {
        assertThat(tree.parse(List.of("--config", "x.conf", "daemon", "--que", "q"))
                        .values("--queue"))
                .containsExactly("q");
    }

    @Test
    void whatFollowsTwoDashesBelongsToTheScript() {
        ParsedCommand parsed = tree.parse(List.of("run", "train.py", "--name", "n", "--", "--epochs", "3"));

        assertThat(parsed.value("script")).contains("train.py");
        assertThat(parsed.value("--name")).contains("n");
        assertThat(parsed.values("arguments")).containsExactly("--epochs", "3");
    }

    @Test
    void aFileOfArgumentsIsReadLineByLine(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("arguments"), "daemon\n--queue\nmy queue\n");

        assertThat(tree.parse(List.of("@" + file)).values("--queue")).containsExactly("my queue");
    }

    @Test
    void anUnknownOptionShowsTheUsageOfItsCommand() {
        assertThatThrownBy(() -> tree.parse(List.of("daemon", "--quux")))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.COMMAND_LINE_INVALID))
                .hasMessageStartingWith("usage: clearml-agent daemon")
                .hasMessageContaining("clearml-agent daemon: error:")
                .hasMessageContaining("--quux");
    }

    @Test
    void aMistypedCommandGetsTheNearestOne() {
        assertThatThrownBy(() -> tree.parse(List.of("deamon", "--queue", "q")))
                .hasMessageContaining("unknown command 'deamon'; did you mean 'daemon'?");
        assertThatThrownBy(() -> tree.parse(List.of("server", "stpo")))
                .hasMessageContaining("unknown command 'stpo'; did you mean 'stop'?");
        assertThatThrownBy(() -> tree.parse(List.of("quux")))
                .hasMessageContaining("error: unknown command 'quux'; see clearml-agent --help");
    }

    @Test
    void aMistypedOptionGetsTheNearestOne() {
        assertThatThrownBy(() -> tree.parse(List.of("daemon", "--queues", "q")))
                .hasMessageContaining("unknown option '--queues'; did you mean '--queue'?");
        assertThatThrownBy(() -> tree.parse(List.of("--debgu", "daemon")))
                .hasMessageContaining("unknown option '--debgu'; did you mean '--debug'?");
    }

    @Test
    void theErrorOfAGlobalOptionBehindTheCommandSaysWhereItGoes() {
        assertThatThrownBy(() -> tree.parse(List.of("daemon", "--config-file", "x")))
                .hasMessageContaining("option '--config-file' goes before the command 'daemon'");
    }

    @Test
    void commandsCannotBeAbbreviated() {
        assertThatThrownBy(() -> tree.parse(List.of("dae"))).isInstanceOf(AgentException.class);
    }

    @Test
    void aCommandWithSubcommandsAndAnActionOfItsOwnRunsAlone() {
        Subcommand show = Subcommand.of("show", "Show it", List.of(), _ -> 0);
        Subcommand config = new Subcommand("config", "Show it", List.of(), List.of(show), _ -> 0);

        assertThat(new CommandTree("", List.of(), List.of(config))
                        .parse(List.of("config"))
                        .help())
                .isEmpty();
    }

    @Test
    void helpIsShownWithoutCommandAndForAGroup() {
        assertThat(tree.parse(List.of()).help())
                .hasValueSatisfying(
                        help -> assertThat(help).contains("Commands:", "daemon", "Poll queues", "--config-file"));
        assertThat(tree.parse(List.of("server")).help())
                .hasValueSatisfying(help -> assertThat(help).contains("stop"));
        assertThat(tree.parse(List.of("server", "stop")).help()).isEmpty();
        assertThat(tree.parse(List.of("run", "--help")).help()).isPresent();
    }
}
