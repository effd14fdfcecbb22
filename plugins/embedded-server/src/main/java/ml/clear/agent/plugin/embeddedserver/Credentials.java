// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.embedded.api.KeyPairs;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The key pair that this machine's own programs use, in a 0600 file of the data folder.
 *
 * @param accessKey the access key
 * @param secretKey the secret
 */
record Credentials(String accessKey, Secret secretKey) {

    private static final System.Logger LOG = System.getLogger(Credentials.class.getName());
    private static final String FILE = "credentials.json";

    /** Whether a server has ever been started in this data folder. */
    static boolean exist(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    static Optional<Credentials> read(Path folder) throws IOException {
        try {
            JsonNode json = Json.parse(Files.readAllBytes(folder.resolve(FILE)));
            return Optional.of(new Credentials(
                    json.path("access_key").asString(""),
                    Secret.of(json.path("secret_key").asString(""))));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** The access key alone; empty when the file cannot be read. */
    static Optional<String> keyOf(Path folder) {
        try {
            return read(folder).map(Credentials::accessKey);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read the key pair of this machine", e);
            return Optional.empty();
        }
    }

    /** Creates a pair and stores it. */
    static Credentials create(Path folder, KeyPairs keys) throws IOException {
        KeyPairs.KeyPair pair = keys.create("this machine");
        OwnerOnly.replace(
                folder.resolve(FILE),
                Json.bytes(Json.object().put("access_key", pair.accessKey()).put("secret_key", pair.secretKey())));
        return new Credentials(pair.accessKey(), Secret.of(pair.secretKey()));
    }
}
