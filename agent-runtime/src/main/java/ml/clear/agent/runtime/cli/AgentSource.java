// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.Map;
import ml.clear.agent.runtime.boot.Agent;

/** Makes the agent of a command, once its options are known. */
@FunctionalInterface
interface AgentSource {

    /**
     * The agent of this command line.
     *
     * @param variables what options of the command set in its configuration, under the names of the variables that would
     */
    Agent with(Map<String, String> variables);
}
