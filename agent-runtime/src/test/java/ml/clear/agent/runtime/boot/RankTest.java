// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RankTest {

    @Test
    void onlyTheFirstSpeaks() {
        assertThat(Rank.isLater(Map.of())).isFalse();
        assertThat(Rank.isLater(Map.of("RANK", "0", "SLURM_PROCID", "3"))).isFalse();
        assertThat(Rank.isLater(Map.of("RANK", "2"))).isTrue();
        assertThat(Rank.isLater(Map.of("RANK", "", "SLURM_PROCID", "10"))).isTrue();
        assertThat(Rank.isLater(Map.of("RANK", "first"))).isFalse();
    }
}
