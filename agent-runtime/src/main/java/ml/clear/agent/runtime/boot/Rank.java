// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.Map;
import java.util.stream.Stream;

/**
 * The rank of this process among the machines or processes that run one task together; the first one reports for all.
 */
final class Rank {

    private Rank() {}

    /** The rank, from the variables of the programs that start many processes at once; 0 without them. */
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
