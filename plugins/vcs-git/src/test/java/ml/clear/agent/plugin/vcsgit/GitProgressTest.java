// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GitProgressTest {

    /** Seven seconds of a clone, in which git reports its state twice a second. */
    private static List<String> printed(boolean verbose) {
        AtomicLong millis = new AtomicLong();
        List<String> lines = new ArrayList<>();
        GitProgress progress = new GitProgress(lines::add, () -> Instant.ofEpochMilli(millis.get()), verbose);
        for (int percent = 0; percent < 14; percent++) {
            progress.line("Receiving objects:  " + percent + "% (" + percent + "/100), 2.00 MiB | 1.00 MiB/s");
            millis.addAndGet(500);
        }
        return lines;
    }

    @Test
    void progressIsPrintedEverySecondInPlaceOfEveryFiveWhenVerbose() {
        assertThat(printed(false)).containsExactly("git: receiving objects: 10 % of 100, 2.00 MiB, 1.00 MiB/s");
        assertThat(printed(true)).hasSize(6);
    }
}
