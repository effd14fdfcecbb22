// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;

/**
 * Runs commands that reach one address, with each credential of the chain in turn until one is accepted, and finally
 * with hg's own configuration.
 */
final class HgAccess {

    private static final List<String> REFUSALS = List.of(
            "authorization failed", "authorization required", "http error 401", "http error 403", "http error 404");
    private static final Duration QUESTION_LIMIT = Duration.ofMinutes(1);

    private final HgProgram hg;
    private final RepositoryAddress address;
    private final CredentialChain credentials;

    HgAccess(HgProgram hg, RepositoryAddress address, CredentialChain credentials) {
        this.hg = hg;
        this.address = address;
        this.credentials = credentials;
    }

    /** The address in the form of hg, which does not support {@code user@host:path}. */
    String url() {
        boolean scp = address.isSsh() && !address.text().contains("://");
        if (!scp) {
            return address.text();
        }
        String user = address.user().isEmpty() ? "" : address.user() + "@";
        return "ssh://" + user + address.host() + "/" + address.path();
    }

    CommandResult run(Path directory, Duration limit, List<String> arguments) throws InterruptedException {
        Optional<VcsCredential> credential = credential();
        while (true) {
            CommandResult result = hg.run(directory, limit, HgConfiguration.of(address, credential), arguments);
            if (result.succeeded() || credential.isEmpty() || !isRefusal(result)) {
                return result;
            }
            credentials.refused(address, credential.get());
            credential = credential();
        }
    }

    /** A credential that the server accepts, found by trying each: hg itself would not try a second one. */
    Optional<VcsCredential> accepted() throws InterruptedException {
        return credential().isPresent() && isThere() ? credential() : Optional.empty();
    }

    /** Whether the address is that of a repository. */
    boolean isThere() throws InterruptedException {
        try {
            return run(Path.of("/"), QUESTION_LIMIT, List.of("identify", "--id", url()))
                    .succeeded();
        } catch (AgentException e) {
            return false;
        }
    }

    static boolean isRefusal(CommandResult result) {
        String words = HgProgram.words(result).toLowerCase(Locale.ROOT);
        return REFUSALS.stream().anyMatch(words::contains);
    }

    /** What the chain offers for the address now. */
    Optional<VcsCredential> credential() throws InterruptedException {
        return address.isHttp() || address.isSsh() ? credentials.find(address) : Optional.empty();
    }
}
