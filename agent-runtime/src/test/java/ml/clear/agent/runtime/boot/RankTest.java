// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RankTest {

    @Test
    void theVariablesOfProgramsThatStartManyAtOnceSayWhichOneThisIs() {
        assertThat(Rank.of(Map.of())).isZero();
        assertThat(Rank.of(Map.of("RANK", "0", "SLURM_PROCID", "3"))).isZero();
        assertThat(Rank.of(Map.of("RANK", "2"))).isEqualTo(2);
        assertThat(Rank.of(Map.of("RANK", "", "SLURM_PROCID", "010"))).isEqualTo(10);
        assertThat(Rank.of(Map.of("RANK", "first"))).isZero();
    }
}
