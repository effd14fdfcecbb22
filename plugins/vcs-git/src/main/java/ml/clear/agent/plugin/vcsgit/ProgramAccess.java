// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;

/**
 * Collects the variables with which a program that starts git itself, such as pip, reaches repositories: addresses are rewritten
 * and credentials are found as for checkouts. The secrets are in variables, since no file or descriptor of the agent reaches git
 * through such a program; each is bound to scheme, host and port.
 */
final class ProgramAccess {

    private static final String USER = "CLEARML_AGENT_REPOSITORY_USER_";
    private static final String PASSWORD = "CLEARML_AGENT_REPOSITORY_PASSWORD_";

    private final GitCheckouts checkouts;
    private final CredentialChain credentials;
    private final List<Map.Entry<String, String>> keys = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Set<String> places = new HashSet<>();

    ProgramAccess(GitCheckouts checkouts, CredentialChain credentials) {
        this.checkouts = checkouts;
        this.credentials = credentials;
    }

    Map<String, String> to(List<RepositoryAddress> repositories) throws InterruptedException {
        for (RepositoryAddress repository : repositories) {
            try {
                add(repository);
            } catch (GitFailure e) {
                // the program that fetches reports the error
                System.getLogger(ProgramAccess.class.getName())
                        .log(System.Logger.Level.DEBUG, "no access to ''{0}'': {1}", repository, e.getMessage());
            }
        }
        variables.put("GIT_TERMINAL_PROMPT", "0");
        variables.putAll(checkouts.git().asVariables(keys));
        return Map.copyOf(variables);
    }

    private void add(RepositoryAddress repository) throws GitFailure, InterruptedException {
        GitAccess access = checkouts.access(repository, credentials);
        RepositoryAddress used = access.address();
        if (!used.text().equals(repository.text())) {
            key("url." + access.url() + ".insteadOf", repository.text());
        }
        if (used.isHttp()) {
            accepted(repository, used).ifPresent(credential -> open(used, credential));
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

    private void open(RepositoryAddress address, VcsCredential credential) {
        String place = address.scheme() + "://" + address.host() + (address.port() < 0 ? "" : ":" + address.port());
        if (!places.add(place)) {
            return;
        }
        switch (credential) {
            case UserPassword pair -> {
                int number = places.size();
                variables.put(USER + number, pair.user());
                variables.put(PASSWORD + number, pair.password().reveal());
                key("credential." + place + ".helper", ""); // removes those of the user for this address
                key("credential." + place + ".helper", helper(number));
            }
            case BearerToken bearer -> {
                key(
                        "http." + place + "/.extraHeader",
                        "Authorization: Bearer " + bearer.token().reveal());
                key("http." + place + "/.followRedirects", "false"); // git would send it to the target, too
            }
            case SshKey _ -> {}
        }
    }

    private static String helper(int number) {
        return "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \"$" + USER + number + "\" \"$"
                + PASSWORD + number + "\"; }; f";
    }

    private void key(String name, String value) {
        keys.add(new SimpleImmutableEntry<>(name, value));
    }
}
