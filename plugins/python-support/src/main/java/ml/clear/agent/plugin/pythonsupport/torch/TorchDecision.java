// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.util.List;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * Where torch comes from.
 *
 * @param required all requirements, those for torch and its companions for one build
 * @param options lines for a requirements file that bring the build
 * @param reason the decision in one line; empty when torch is not asked for
 */
public record TorchDecision(RequirementSet required, List<String> options, String reason) {

    /** Copies the list. */
    public TorchDecision {
        options = List.copyOf(options);
    }
}
