// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {

    @Test
    void wordsAreSplitAtBlanks() {
        assertThat(ShellWords.split("  -v /a:/b\t--name x\n")).containsExactly("-v", "/a:/b", "--name", "x");
        assertThat(ShellWords.split(" ")).isEmpty();
    }

    @Test
    void quotesAndBackslashesKeepBlanks() {
        assertThat(ShellWords.split("a'b c'd \"x 'y' \\\"z\\n\" one\\ two '' '\\'"))
                .containsExactly("ab cd", "x 'y' \"z\\n", "one two", "", "\\");
    }

    @Test
    void anOpenQuoteIsRefused() {
        assertThatThrownBy(() -> ShellWords.split("a 'b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a quote is not closed");
    }

    @Test
    void aBackslashAtTheEndIsRefused() {
        assertThatThrownBy(() -> ShellWords.split("a\\"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nothing follows the last back slash");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "two words", "it's", "a\\b", "", "$HOME \"x\"", "--epochs=3", "line\nbreak"})
    void aQuotedWordComesBackAsItIs(String word) {
        assertThat(ShellWords.split("first " + ShellWords.quote(word) + " last"))
                .containsExactly("first", word, "last");
    }
}
