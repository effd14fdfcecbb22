// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.Map;
import java.util.stream.Stream;

/** Which of several machines, or processes, that run one task together this is; the first speaks for all. */
final class Rank {

    private Rank() {}

    /** Whether another one speaks, by the variables of those who start many at once. */
    static boolean isLater(Map<String, String> environment) {
        return Stream.of("RANK", "SLURM_PROCID")
                .map(name -> environment.getOrDefault(name, "").strip())
                .filter(rank -> !rank.isEmpty())
                .findFirst()
                .filter(rank -> rank.matches("0*[1-9]\\d*"))
                .isPresent();
    }
}
