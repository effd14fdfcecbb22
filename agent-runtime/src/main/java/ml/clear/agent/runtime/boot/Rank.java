// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.Map;
import java.util.stream.Stream;

/** Which of several machines, or processes, that run one task together this is; the first speaks for all. */
final class Rank {

    private Rank() {}

    /** Which one this is, by the variables of the programs that start many at once; the first one, 0, speaks for all. */
    static int of(Map<String, String> environment) {
        return Stream.of("RANK", "SLURM_PROCID")
                .map(name -> environment.getOrDefault(name, "").strip())
                .filter(rank -> !rank.isEmpty())
                .findFirst()
                .filter(rank -> rank.matches("\\d{1,9}"))
                .map(Integer::parseInt)
                .orElse(0);
    }
}
