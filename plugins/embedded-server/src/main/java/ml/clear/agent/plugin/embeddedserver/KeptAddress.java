// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.core.JacksonException;

/**
 * The address that belongs to a data folder: the stored artifacts, models and data sets name it, so it outlives the server.
 *
 * @param api the address of the API
 */
record KeptAddress(URI api) {

    static final String FILE = "address.json";

    void write(Path folder) throws IOException {
        OwnerOnly.replace(
                folder.resolve(FILE), Json.bytes(Json.object().put("format", 1).put("api", api.toString())));
    }

    static Optional<KeptAddress> read(Path folder) throws IOException {
        try {
            URI api = URI.create(Json.parse(Files.readAllBytes(folder.resolve(FILE)))
                    .path("api")
                    .asString(""));
            return api.getPort() > 0 ? Optional.of(new KeptAddress(api)) : Optional.empty();
        } catch (NoSuchFileException | JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    int port() {
        return api.getPort();
    }
}
