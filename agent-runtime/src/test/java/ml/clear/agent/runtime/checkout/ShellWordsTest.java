// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {

    @ParameterizedTest
    @ValueSource(strings = {"plain", "two words", "it's", "a\\b", "", "$HOME \"x\"", "--epochs=3", "line\nbreak"})
    void aQuotedWordComesBackAsItIs(String word) {
        assertThat(ShellWords.split("first " + ShellWords.quote(word) + " last"))
                .containsExactly("first", word, "last");
    }

    @Test
    void quotesJoinAndBackSlashesEscape() {
        assertThat(ShellWords.split("a\"b c\"'d e' f\\ g")).containsExactly("ab cd e", "f g");
    }

    @Test
    void aQuotationThatDoesNotEndIsNamed() {
        assertThatThrownBy(() -> ShellWords.split("train.py 'oops"))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("train.py 'oops");
    }
}
