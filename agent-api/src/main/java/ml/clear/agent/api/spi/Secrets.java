// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import ml.clear.agent.api.Stability;
import ml.clear.agent.api.secret.Secret;

/**
 * The secrets that the agent masks in consoles, logs and messages. Those of the configuration, the tokens of the server and
 * the answers of credential providers are registered by the agent itself. Safe for several threads; does not block.
 */
@Stability.Incubating(since = "0.1")
@FunctionalInterface
public interface Secrets {

    /**
     * Mask a secret from now on, as it is and encoded for an address, a JSON text or in Base64. Register it before it is
     * used: what was written earlier is not masked.
     *
     * @param secret one that was learnt at run time, such as a token; fewer than four characters are not masked, since they
     *     would mask ordinary words
     */
    void register(Secret secret);
}
