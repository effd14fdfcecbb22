// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;

/**
 * Collects what a program that starts git itself, such as pip, needs to reach repositories: addresses are rewritten and
 * credentials are found as for checkouts. Each credential is bound to scheme, host and port.
 */
final class GitProgramAccess {

    private final GitCheckouts checkouts;
    private final CredentialChain credentials;
    private final List<Map.Entry<String, String>> keys = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>(Map.of("GIT_TERMINAL_PROMPT", "0"));
    private final Map<RepositoryAddress, VcsCredential> accepted = new LinkedHashMap<>();

    GitProgramAccess(GitCheckouts checkouts, CredentialChain credentials) {
        this.checkouts = checkouts;
        this.credentials = credentials;
    }

    ProgramAccess to(List<RepositoryAddress> repositories) throws InterruptedException {
        for (RepositoryAddress repository : repositories) {
            try {
                add(repository);
            } catch (GitFailure e) {
                // the program that fetches reports the error
                System.getLogger(GitProgramAccess.class.getName())
                        .log(System.Logger.Level.DEBUG, "no access to ''{0}'': {1}", repository, e.getMessage());
            }
        }
        return new ProgramAccess(variables, List.of())
                .and(checkouts.git().access(keys, SecretConfiguration.of(accepted)));
    }

    private void add(RepositoryAddress repository) throws GitFailure, InterruptedException {
        GitAccess access = checkouts.access(repository, credentials);
        RepositoryAddress used = access.address();
        if (!used.text().equals(repository.text())) {
            keys.add(Map.entry("url." + access.url() + ".insteadOf", repository.text()));
        }
        if (used.isHttp()) {
            accepted(repository, used).ifPresent(credential -> accepted.put(used, credential));
        }
        if (used.isSsh()) {
            access.sshCommand().ifPresent(command -> variables.put("GIT_SSH_COMMAND", command));
        }
    }

    /** A credential that the server accepts, found by trying each: git itself would not try a second one. */
    private Optional<VcsCredential> accepted(RepositoryAddress repository, RepositoryAddress used)
            throws InterruptedException {
        return credentials.find(used).isPresent() && checkouts.isThere(repository, credentials)
                ? credentials.find(used)
                : Optional.empty();
    }
}
