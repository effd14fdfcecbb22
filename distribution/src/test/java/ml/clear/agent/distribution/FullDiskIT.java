// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.distribution.ServerGate.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A task whose output finds no room on the disk goes on to its own end; its console has a marker where output is missing. */
@Tag("thorough")
@Timeout(300)
class FullDiskIT {

    private static final int MANY = 400_000;
    private static final int MORE = 1_000;
    private static final Pattern MARKER =
            Pattern.compile("clearml-agent: (\\d+) bytes of output are missing here: (.*)");

    /** Prints many lines, waits, prints some more. */
    private static final String SCRIPT = """
            exec python3 -c '
            import os, sys, time
            def tell(word):
                open(os.path.join(sys.argv[1], word), "w").close()
            def wait(word):
                while not os.path.exists(os.path.join(sys.argv[1], word)):
                    time.sleep(0.02)
            def lines(first, end):
                sys.stdout.write("".join(["line %07d of a task that no disk disturbs\\n" % i for i in range(first, end)]))
                sys.stdout.flush()
            tell("begun")
            wait("print")
            lines(0, <many>)
            tell("printed")
            wait("go on")
            lines(<many>, <all>)
            sys.exit(3)
            ' '<folder>'
            """;

    @TempDir
    private static Path folder;

    private static GatedDaemonFixture fixture;

    @BeforeAll
    static void open() {
        fixture = GatedDaemonFixture.in(folder);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @AfterEach
    void stopDaemons() throws Exception {
        fixture.stopDaemons();
    }

    @Test
    void limitOfTheSpoolStopsNoTaskAndIsMarkedWhereLinesAreMissing() throws Exception {
        fixture.daemon(fixture.worker().with("CLEARML_AGENT__AGENT__SPOOL_LIMIT", "4m"), "limited");

        assertLosesVisibly("limited", "the spool's limit of 4194304 bytes is reached");
    }

    @Test
    void fullDiskStopsNoTaskAndIsMarkedWhereLinesAreMissing() throws Exception {
        List<String> inSmallDisk = inDiskOf("6m", fixture.executions());
        List<String> command = new ArrayList<>(inSmallDisk);
        command.addAll(fixture.worker().command("daemon", "--foreground", "--create-queue", "--queue", "small disk"));
        fixture.started(command);

        assertLosesVisibly("small disk", "No space left on device");
    }

    private static void assertLosesVisibly(String queue, String reason) throws Exception {
        Path word = fixture.newFolder();
        String id = BashTask.enqueue(
                fixture.server(),
                queue,
                "prints a lot",
                SCRIPT.replace("<many>", Integer.toString(MANY))
                        .replace("<all>", Integer.toString(MANY + MORE))
                        .replace("<folder>", word.toString()));
        Eventually.holds("it runs", () -> Files.exists(word.resolve("begun")));
        fixture.gate().fail(Fault.GONE);
        Files.createFile(word.resolve("print"));
        Eventually.holds("all is printed", () -> Files.exists(word.resolve("printed")));
        fixture.gate().mend();
        Eventually.holds("what was kept arrives", () -> lines(id).size() > MORE);
        long kept = -1;
        while (kept < lines(id).size()) { // until no more comes
            kept = lines(id).size();
            Thread.sleep(1500);
        }
        Files.createFile(word.resolve("go on"));

        JsonNode ended = BashTask.awaitEnd(fixture.server(), id);

        assertThat(ended.get("status_reason").asString()).isEqualTo("worker execution exit code 3");
        List<String> lines = lines(id);
        assertThat(assertComplete(lines, reason)).isPositive();
        assertThat(lines).contains("Process failed, exit code 3");
        assertThat(lines.stream().filter(line -> line.startsWith("line ")).toList())
                .endsWith("line %07d of a task that no disk disturbs".formatted(MANY + MORE - 1));
        fixture.stopDaemons();
    }

    private static List<String> lines(String task) {
        List<String> lines = new ArrayList<>();
        new TaskConsole(fixture.server(), task).forEachLine(lines::add);
        return lines;
    }

    /** Lays what there is over what was printed, and each gap too; how many gaps there are. */
    private static int assertComplete(List<String> lines, String reason) {
        StringBuilder printed = new StringBuilder();
        for (int number = 0; number < MANY + MORE; number++) {
            printed.append("line %07d of a task that no disk disturbs\n".formatted(number));
        }
        byte[] all = printed.toString().getBytes(StandardCharsets.US_ASCII);
        int place = 0;
        int gaps = 0;
        boolean begun = false;
        for (String line : lines) {
            Matcher marker = MARKER.matcher(line);
            if (marker.matches()) {
                assertThat(marker.group(2)).isEqualTo(reason);
                place += Integer.parseInt(marker.group(1));
                gaps++;
                continue;
            }
            begun |= line.startsWith("line ");
            if (!begun || place == all.length) {
                continue; // the agent's own words
            }
            assertThat(line)
                    .as("at byte " + place)
                    .isEqualTo(new String(
                            all, place, Math.min(line.length(), all.length - place), StandardCharsets.US_ASCII));
            place += line.length();
            if (place < all.length && all[place] == '\n') {
                place++;
            }
        }
        assertThat(place).as("bytes that are there, or told to be missing").isEqualTo(all.length);
        return gaps;
    }

    /** What puts a command into a mount namespace with a small disk on a folder. */
    private static List<String> inDiskOf(String size, Path mountPoint) throws IOException {
        Files.createDirectories(mountPoint);
        List<String> prefix = List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + size + " none \"$0\" && exec \"$@\"",
                mountPoint.toString());
        List<String> trial = new ArrayList<>(prefix);
        trial.add("true");
        Shell.Finished tried = Shell.in(folder).start(trial).finish();
        if (Boolean.getBoolean("require.real")) {
            assertThat(tried.status()).as(tried.err()).isZero();
        }
        assumeTrue(tried.status() == 0, "no small disk can be mounted: " + tried.err());
        return prefix;
    }
}
