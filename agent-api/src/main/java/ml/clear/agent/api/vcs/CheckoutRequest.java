// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.process.Console;

/**
 * A checkout to make.
 *
 * @param repository what to check out from
 * @param revision what to check out
 * @param target the folder to make; absent or empty before, absolute
 * @param credentials where to find what opens this repository and its submodules
 * @param console where progress is reported
 */
@Stability.Incubating(since = "0.1")
public record CheckoutRequest(
        RepositoryAddress repository, Revision revision, Path target, CredentialChain credentials, Console console) {

    /** Checks that the target is absolute. */
    public CheckoutRequest {
        Objects.requireNonNull(repository);
        Objects.requireNonNull(revision);
        Objects.requireNonNull(credentials);
        Objects.requireNonNull(console);
        if (!target.isAbsolute()) {
            throw new IllegalArgumentException("a checkout needs an absolute folder, got '" + target + "'");
        }
    }
}
