// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    @Test
    void aSettingSaysEverythingAboutItself() {
        Setting<Long> setting =
                Setting.of("agent.x_y.z1", ValueTypes.INTEGER, 5L, "How many").environment("A", "B");
        assertThat(setting.key()).isEqualTo("agent.x_y.z1").hasToString(setting.toString());
        assertThat(setting.defaultValue()).isEqualTo(5);
        assertThat(setting.description()).isEqualTo("How many");
        assertThat(setting.environment()).containsExactly("A", "B");
        assertThat(setting.secret()).isFalse();
        assertThat(Setting.optional("k", ValueTypes.SECRET, "Key").secret()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a b", "a-b", "ä"})
    void keysAreWordsJoinedByDots(String key) {
        assertThatThrownBy(() -> Setting.of(key, ValueTypes.TEXT, "", "Sentence"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + key + "'");
    }

    @Test
    void aSentenceIsNeeded() {
        assertThatThrownBy(() -> Setting.of("a", ValueTypes.TEXT, "", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'");
    }
}
