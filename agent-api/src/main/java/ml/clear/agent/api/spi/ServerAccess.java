// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.net.URI;
import java.util.Optional;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.secret.Secret;

/** The ClearML server that the agent uses. Safe for several threads. */
@Stability.Incubating(since = "0.1")
public interface ServerAccess {

    /** No server. */
    ServerAccess NONE = new ServerAccess() {
        @Override
        public Optional<URI> filesServer() {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> token() {
            return Optional.empty();
        }
    };

    /** The address of its files server, empty when there is none; does not ask the server. */
    Optional<URI> filesServer();

    /**
     * A token that the server and its files server accept now, as a bearer token. Logs in when the agent has none, and blocks
     * until the server has answered. Never to be sent to another address.
     *
     * @return empty when there is no server
     * @throws ml.clear.agent.api.error.AgentException {@code CREDENTIALS_REFUSED} or {@code SERVER_UNAVAILABLE}
     */
    Optional<Secret> token() throws InterruptedException;
}
