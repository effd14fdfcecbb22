// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.net.URI;
import java.util.Optional;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.ServerAccess;
import ml.clear.agent.runtime.config.ApiSettings;
import ml.clear.agent.runtime.server.ClearmlServer;

/** The server of the agent as plugins see it. A connection is made when the first token is asked for. */
final class AgentServer implements ServerAccess {

    private final Agent agent;
    private final Lazy<Optional<ClearmlServer>> connection;

    AgentServer(Agent agent) {
        this.agent = agent;
        this.connection = new Lazy<>(() -> agent.knownServer().map(agent::connect));
    }

    @Override
    public Optional<URI> filesServer() {
        return agent.locatedServer()
                .map(ServerInUse::files)
                .filter(files -> !files.isEmpty())
                .map(URI::create)
                .or(() -> agent.configuration().get(ApiSettings.FILES_SERVER));
    }

    @Override
    public Optional<Secret> token() throws InterruptedException {
        Optional<ClearmlServer> server = connection.get();
        return server.isEmpty() ? Optional.empty() : Optional.of(server.get().token());
    }
}
