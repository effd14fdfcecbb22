// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalLineTest {

    @Test
    void lineWithoutControlsIsTheSameObject() {
        String line = "\u001b[32mgreen\u001b[0m grüße 🎉";
        assertThat(TerminalLine.render(line)).isSameAs(line);
    }

    @ParameterizedTest
    @CsvSource({
        "10%R50%R100%, 100%",
        "100%R, 100%",
        "R1/3R2/3R3/3, 3/3",
        "abcdefRxy, xycdef",
        "abRR, ab",
        "abcBBX, aXc",
        "BBa, a",
        "long lineRE[Kx, x",
        "long lineE[2KRx, x",
        "abcdefBBBE[K, abc",
        "E[32m10%E[0mRE[32m99%E[0m, E[0mE[32m99%E[0m",
        "aE, aE",
        "aRE[, aE[",
    })
    void showsWhatATerminalShows(String written, String seen) {
        assertThat(TerminalLine.render(controls(written))).isEqualTo(controls(seen));
    }

    @Test
    void charactersOutsideTheBasicPlaneAreOverwrittenAsOne() {
        assertThat(TerminalLine.render("🎉🎉🎉\rab")).isEqualTo("ab🎉");
    }

    private static String controls(String text) {
        return text.replace('R', '\r').replace('B', '\b').replace('E', '\u001b');
    }
}
