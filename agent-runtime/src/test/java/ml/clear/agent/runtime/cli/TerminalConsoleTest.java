// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalConsoleTest {

    private final StringWriter out = new StringWriter();
    private final TerminalConsole terminal = new TerminalConsole(new PrintWriter(out));

    @Test
    void aQuestionIsThereBeforeItIsAnswered() {
        terminal.unfinished("name? ");
        assertThat(out.toString()).isEqualTo("name? ");
        terminal.line("name? Ada\nhello");
        assertThat(out.toString()).isEqualTo("name? Ada\nhello\n");
    }

    @Test
    void aProgressBarMovesInItsLine() {
        terminal.unfinished("10% ###");
        terminal.unfinished("20%");
        terminal.line("done");
        terminal.line("next");
        assertThat(out.toString()).isEqualTo("10% ###\r20%    \rdone\nnext\n");
    }

    @Test
    void progressMovesBelowTheLinesOfATerminalAndLeavesNothing() throws Exception {
        TerminalConsole moving = new TerminalConsole(new PrintWriter(out), new TerminalStyle(true, false));
        moving.progress("environment");
        await("\r/ environment   0 s\u001b[K");
        moving.line("Installing six");
        await("\r\u001b[KInstalling six\n\r");
        moving.progress("");
        moving.line("environment   1.25 s   1 package");

        assertThat(out.toString()).endsWith("\r\u001b[Kenvironment   1.25 s   1 package\n");
    }

    @Test
    void progressIsNotWrittenOverALineThatHasNotEnded() throws Exception {
        TerminalConsole moving = new TerminalConsole(new PrintWriter(out), new TerminalStyle(true, false));
        moving.progress("environment");
        await("environment");
        moving.unfinished("10%");
        int length = out.toString().length();
        TimeUnit.MILLISECONDS.sleep(500); // two periods in which it could be written
        moving.line("10% done");

        assertThat(out.toString().substring(length)).startsWith(" done\n");
    }

    @Test
    void fileGetsNeitherProgressNorColours() {
        terminal.progress("environment");
        terminal.line("environment   1.25 s   1 package");

        assertThat(out.toString()).isEqualTo("environment   1.25 s   1 package\n");
    }

    @Test
    void namesOfPhasesAreBoldWhereTheTerminalHasColours() {
        TerminalConsole coloured = new TerminalConsole(new PrintWriter(out), new TerminalStyle(true, true));
        coloured.line("environment   1.25 s   1 package");
        coloured.line("the script's own words");

        assertThat(out.toString())
                .isEqualTo("\u001b[1menvironment\u001b[0m   1.25 s   1 package\nthe script's own words\n");
    }

    private void await(String shown) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!out.toString().contains(shown)) {
            assertThat(System.nanoTime()).as(out.toString()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void aLogGetsTheStateOfAProgressBarNowAndThen() {
        List<String> lines = new ArrayList<>();
        AtomicLong seconds = new AtomicLong();
        StatesAsLines log = new StatesAsLines(lines::add, () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        for (int percent = 1; percent <= 20; percent++) {
            log.unfinished(percent + "%");
            seconds.incrementAndGet();
        }
        log.line("100%");
        assertThat(lines).containsExactly("1%", "11%", "100%");
    }
}
