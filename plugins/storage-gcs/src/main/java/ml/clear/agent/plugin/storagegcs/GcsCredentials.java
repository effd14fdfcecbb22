// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Who the agent is for Google. */
final class GcsCredentials {

    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.full_control";

    private GcsCredentials() {}

    /**
     * Read them.
     *
     * @param text a path or the content of a file of any kind that Google has: service accounts, users, workload identities;
     *     empty for the application default credentials, and for none where there are none, which is enough for public buckets
     * @param emulator whether the store is an emulator, which asks for none
     */
    static Credentials of(String text, boolean emulator, HttpTransportFactory transport) {
        if (text.isEmpty()) {
            return emulator ? NoCredentials.getInstance() : applicationDefault(transport);
        }
        try (InputStream content = open(text)) {
            return scoped(GoogleCredentials.fromStream(content, transport));
        } catch (IOException | IllegalArgumentException e) {
            throw new AgentException(
                    ErrorCode.CREDENTIALS_REFUSED,
                    "the credentials of sdk.google.storage" + (isContent(text) ? "" : " in '" + text + "'")
                            + " cannot be read: " + reason(e) + "; correct 'credentials_json'",
                    isContent(text) ? null : e); // its cause may quote the content
        }
    }

    private static Credentials applicationDefault(HttpTransportFactory transport) {
        try {
            return scoped(GoogleCredentials.getApplicationDefault(transport));
        } catch (IOException _) { // there are none
            return NoCredentials.getInstance();
        }
    }

    private static GoogleCredentials scoped(GoogleCredentials credentials) {
        return credentials.createScopedRequired() ? credentials.createScoped(List.of(SCOPE)) : credentials;
    }

    private static boolean isContent(String text) {
        return text.startsWith("{");
    }

    private static InputStream open(String text) throws IOException {
        if (isContent(text)) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
        Path file = ValueTypes.PATH.parse(text);
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no such file");
        }
        return Files.newInputStream(file);
    }

    private static String reason(Exception e) {
        return e instanceof IOException && e.getMessage() != null
                ? e.getMessage().lines().findFirst().orElse("")
                : "it is no credentials file of Google";
    }
}
