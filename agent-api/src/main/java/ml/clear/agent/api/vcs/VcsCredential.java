// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.secret.Secret;

/** What opens a repository. */
@Stability.Incubating(since = "0.1")
public sealed interface VcsCredential {

    /**
     * A user and a password, or a token in place of the password.
     *
     * @param user the name
     * @param password the password
     */
    record UserPassword(String user, Secret password) implements VcsCredential {}

    /**
     * A header {@code Authorization: Bearer}.
     *
     * @param token the token
     */
    record BearerToken(Secret token) implements VcsCredential {}

    /**
     * A private key for ssh.
     *
     * @param privateKey the file with the key
     */
    record SshKey(Path privateKey) implements VcsCredential {}
}
