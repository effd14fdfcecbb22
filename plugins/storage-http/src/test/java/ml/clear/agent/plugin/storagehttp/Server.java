// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.net.URI;
import java.util.Optional;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.ServerAccess;

/** A ClearML server with this files server. */
record Server(URI files) implements ServerAccess {

    @Override
    public Optional<URI> filesServer() {
        return Optional.of(files);
    }

    @Override
    public Optional<Secret> token() {
        return Optional.of(Secret.of(WebServer.TOKEN));
    }
}
