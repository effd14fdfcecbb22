// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** The logins of {@code ~/.netrc}, or of the file that {@code NETRC} names. The file is read at each look-up. */
final class NetrcCredentials implements VcsCredentialProvider {

    private final Path file;

    NetrcCredentials(Map<String, String> environment) {
        String named = environment.getOrDefault("NETRC", "");
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        this.file = named.isBlank() ? Path.of(home, ".netrc") : Path.of(named);
    }

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) {
        if (!repository.isHttp() || !Files.isRegularFile(file)) {
            return List.of();
        }
        return Netrc.parse(text()).of(repository.host(), repository.user());
    }

    private String text() {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.CREDENTIAL_STORE_UNAVAILABLE,
                    "cannot read '" + file + "': " + e.getMessage() + "; check its permissions",
                    e);
        }
    }
}
