// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a running server records in its data folder, 0600: its address, its process and its key pair.
 *
 * @param api the address of the API
 * @param process who runs
 */
record ServerRecord(URI api, ProcessIdentity process) {

    private static final String FILE = "server.json";

    void write(Path folder) throws IOException {
        OwnerOnly.replace(
                folder.resolve(FILE),
                Json.bytes(Json.object()
                        .put("format", 1)
                        .put("api", api.toString())
                        .put("pid", process.pid())
                        .put("boot_id", process.bootId())
                        .put("start_ticks", process.startTicks())));
    }

    /** The record in a folder; its process may have ended. */
    static Optional<ServerRecord> read(Path folder) throws IOException {
        try {
            JsonNode json = Json.parse(Files.readAllBytes(folder.resolve(FILE)));
            return Optional.of(new ServerRecord(
                    URI.create(json.path("api").asString("")),
                    new ProcessIdentity(
                            json.path("boot_id").asString(""),
                            json.path("pid").asLong(0),
                            json.path("start_ticks").asLong(0))));
        } catch (NoSuchFileException | JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static void remove(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }
}
