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
