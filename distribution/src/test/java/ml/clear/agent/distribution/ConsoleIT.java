// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console on the server is made of whole lines, for all bytes that a task prints and at any moment. */
@Timeout(300)
class ConsoleIT {

    private static final String CANARY = "tweet-canary-0815";

    @TempDir
    private static Path folder;

    private static GatedDaemonFixture fixture;

    @BeforeAll
    static void open() throws Exception {
        fixture = GatedDaemonFixture.in(folder);
        fixture.daemon(
                fixture.worker().with("CLEARML_AGENT_GIT_USER", "somebody").with("CLEARML_AGENT_GIT_PASS", CANARY),
                "console");
    }

    @AfterAll
    static void close() throws Exception {
        fixture.stopDaemons();
        fixture.close();
    }

    @Test
    void invalidBytesProgressBarsAndAnOpenLastLineAreShownAsATerminalWould() throws Exception {
        List<String> lines = consoleOf("""
                out(b"caf\\xc3\\xa9 \\xff\\xfe cut \\xe2\\x82\\n")
                for percent in range(0, 101, 10):
                    out(b"\\r%3d%%" % percent)
                    time.sleep(0.02)
                out(b"\\n")
                out(b"split \\xe2")
                time.sleep(0.4)
                out(b"\\x82\\xac here\\n")
                out(b"no end")
                """);

        assertThat(lines)
                .containsSubsequence(
                        "caf\u00e9 \ufffd\ufffd cut \ufffd",
                        "100%",
                        "split \u20ac here",
                        "no end",
                        "Process failed, exit code 3");
        assertThat(lines).noneMatch(line -> line.contains("50%"));
    }

    @Test
    void aProgressBarIsOnTheServerInItsLatestStateWhileItMoves() throws Exception {
        Path seen = folder.resolve("seen");
        String task = BashTask.enqueue(
                fixture.server(),
                "console",
                "moves",
                "for i in $(seq 1 100000); do printf '\\rstep %d' $i; [ -e '" + seen
                        + "' ] && break; sleep 0.1; done; echo; exit 3\n");
        Eventually.holds("the bar is on the server", () -> textOf(task).contains("step "));
        Files.createFile(seen);
        BashTask.awaitEnd(fixture.server(), task);

        List<String> states = new ArrayList<>();
        new TaskConsole(fixture.server(), task).forEachLine(line -> {
            if (line.startsWith("step ")) {
                states.add(line);
            }
        });
        // A state now and then, and the last one: far fewer than were printed.
        assertThat(states).hasSizeLessThan(10).doesNotHaveDuplicates();
        assertThat(Integer.parseInt(states.getLast().substring("step ".length())))
                .isGreaterThan(states.size());
    }

    @Test
    void secretsThatAreWrittenInPiecesAreMaskedWhereverTheyAreCut() throws Exception {
        List<String> lines = consoleOf("""
                secret = "%s"
                for cut in range(1, len(secret)):
                    out(b"piece " + secret[:cut].encode())
                    time.sleep(0.06)
                    out(secret[cut:].encode() + b"\\n")
                for before in range(65536 - 20, 65536 + 4):
                    out(b"y" * before + secret.encode() + b"\\n")
                """.formatted(CANARY.replace("canary", "\" + \"canary")));

        assertThat(lines).noneMatch(line -> line.contains(CANARY) || line.contains("canary-0815"));
        assertThat(lines.stream().filter("piece ****"::equals)).hasSize(CANARY.length() - 1);
        assertThat(lines.stream().filter(line -> line.endsWith("y****"))).hasSize(24);
    }

    @Test
    void aQuestionIsOnTheServerBeforeItIsAnsweredAndThreeMillionLettersArriveWhole() throws Exception {
        Path answered = folder.resolve("answered");
        String task = BashTask.enqueue(
                fixture.server(),
                "console",
                "asks",
                "printf 'name? '; until [ -e '" + answered + "' ]; do sleep 0.1; done; echo Ada\n"
                        + "head -c 3000000 /dev/zero | tr '\\0' x; echo; exit 3\n");
        Eventually.holds("the question is on the server", () -> textOf(task).endsWith("name? "));
        Files.createFile(answered);
        BashTask.awaitEnd(fixture.server(), task);

        String text = textOf(task);
        int letters = text.indexOf("name? Ada\n") + "name? Ada\n".length();
        assertThat(text.substring(letters)).startsWith("x".repeat(3_000_000) + "\n");
    }

    private static String textOf(String task) {
        StringBuilder text = new StringBuilder();
        new TaskConsole(fixture.server(), task).forEachMessage(text::append);
        return text.toString();
    }

    private static List<String> consoleOf(String body) throws Exception {
        String script = """
                exec python3 - <<'END OF SCRIPT'
                import sys, time
                def out(data):
                    sys.stdout.buffer.write(data)
                    sys.stdout.buffer.flush()
                """ + body + """
                sys.exit(3)
                END OF SCRIPT
                """;
        String task = BashTask.enqueue(fixture.server(), "console", "prints", script);
        assertThat(BashTask.awaitEnd(fixture.server(), task)
                        .get("status_reason")
                        .asString())
                .isEqualTo("worker execution exit code 3");
        List<String> lines = new ArrayList<>();
        new TaskConsole(fixture.server(), task).forEachLine(lines::add);
        return lines;
    }
}
