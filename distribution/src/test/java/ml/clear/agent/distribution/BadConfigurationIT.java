// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of bad input, and what only looks like it, with its message and exit code, in the installed command. */
class BadConfigurationIT {

    @TempDir
    private Path folder;

    static Stream<Arguments> badInput() {
        String line = "agent.git_user: \"" + "x".repeat(1_000_000) + "\"";
        return Stream.of(
                arguments(
                        "a misspelt key",
                        "agent.worker_nmae: x",
                        0,
                        "unknown key 'agent.worker_nmae'; did you mean 'agent.worker_name'?"),
                arguments(
                        "a wrong type",
                        "agent.reload_config: maybe",
                        78,
                        ":1: agent.reload_config is 'maybe'; expected true or false"),
                arguments(
                        "out of range",
                        "agent.queue_poll_period_sec: -1",
                        78,
                        "agent.queue_poll_period_sec is '-1'; expected a duration"),
                arguments(
                        "an unknown package manager",
                        "agent.package_manager.type: pipp",
                        78,
                        "is 'pipp'; registered package managers are"),
                arguments(
                        "a list for a text",
                        "agent.git_user: [a, b]",
                        78,
                        ":1: agent.git_user is a list; expected a single value"),
                arguments("a cyclic include", "include \"bad.conf\"", 78, "bad.conf' includes itself"),
                arguments(
                        "an unresolved substitution",
                        "\nagent.git_user: ${NO_SUCH}",
                        78,
                        ":2: '${NO_SUCH}' names neither a key"),
                arguments("10 MB", "sdk.key: value # comment\n".repeat(420_000), 78, "it is larger than 2 MiB"),
                arguments("binary garbage", "\u0001\u0002\u00ff\u00fe{\u0000", 78, "is not written in UTF-8"),
                arguments("a line of 1 MB", line, 0, "0 errors, 0 warnings"),
                arguments("duplicate keys", "agent.git_user: a\nagent { git_user: b }", 0, "0 errors, 0 warnings"),
                arguments("tabs, CR and LF", "agent\t{\r\n\tgit_user:\ta\t\r\n}\r\n", 0, "0 errors, 0 warnings"),
                arguments(
                        "signs in a password", "agent.git_pass: \"a$ # \\\" \\\\ ( * b\"", 0, "0 errors, 0 warnings"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void badInput(String what, String text, int status, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.conf"), text, StandardCharsets.ISO_8859_1);

        Shell.Finished validated = Shell.in(folder)
                .with("HOME", folder.toString())
                .with("CLEARML_AGENT_AOT", "use")
                .run(Installation.shared().launcher().toString(), "config", "validate", file.toString());

        assertThat(validated.status()).as(what + ": " + validated.err()).isEqualTo(status);
        assertThat(validated.out()).contains(message).doesNotContain("\tat ", "Exception");
        assertThat(validated.err()).isEmpty();
    }
}
