// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands that reach one address: with the agent's trust and proxies, and with each credential of the chain in
 * turn until one is accepted; and finally with git's own means, such as the user's credential helpers,
 * {@code ~/.netrc} and keys.
 */
final class GitAccess {

    private static final List<String> REFUSALS = List.of(
            "authentication failed",
            "could not read username",
            "could not read password",
            "terminal prompts disabled",
            "invalid username or password",
            "access denied",
            "permission denied (",
            "returned error: 401",
            "returned error: 403",
            "repository not found",
            "not found");

    /** A transfer without any data for this long fails. */
    private static final String IDLE_SECONDS = "60";

    private final GitProgram git;
    private final PluginContext context;
    private final RepositoryAddress address;
    private final CredentialChain credentials;
    private @Nullable UserConfiguration user;

    GitAccess(GitProgram git, PluginContext context, RepositoryAddress address, CredentialChain credentials) {
        this.git = git;
        this.context = context;
        this.address = address;
        this.credentials = credentials;
    }

    RepositoryAddress address() {
        return address;
    }

    /** The address for git: with the user name, which is not secret, and without a password. */
    String url() {
        String scheme = address.scheme() + "://";
        boolean named =
                address.isHttp() && !address.user().isEmpty() && address.text().startsWith(scheme);
        return named ? scheme + address.user() + "@" + address.text().substring(scheme.length()) : address.text();
    }

    /** Run a command that reaches the address. */
    CommandResult run(GitCommand command, Console progress) throws GitFailure, InterruptedException {
        GitCommand reaching = command.with(keys()).transferring();
        Optional<VcsCredential> credential = credential();
        Optional<GitFailure> notFound = Optional.empty();
        while (true) {
            try {
                return git.run(opened(reaching, credential), progress);
            } catch (GitFailure failure) {
                if (credential.isEmpty() || !isRefusal(failure)) {
                    throw notFound.orElse(failure);
                }
                // without a credential the server only asks for one, which is less informative
                notFound = notFound.or(() -> Optional.of(failure).filter(GitAccess::isNotFound));
                credentials.refused(address, credential.get());
                credential = credential();
            }
        }
    }

    private static boolean isNotFound(GitFailure failure) {
        return failure.lowerCase().contains("not found");
    }

    static boolean isRefusal(GitFailure failure) {
        String words = failure.lowerCase();
        return REFUSALS.stream().anyMatch(words::contains);
    }

    private Optional<VcsCredential> credential() throws InterruptedException {
        return address.isHttp() || address.isSsh() ? credentials.find(address) : Optional.empty();
    }

    /** The program for an ssh address; empty when the user's program is used unchanged. */
    Optional<String> sshCommand() throws GitFailure, InterruptedException {
        return sshCommand(credential());
    }

    private Optional<String> sshCommand(Optional<VcsCredential> credential) throws GitFailure, InterruptedException {
        Optional<Path> key = credential.filter(SshKey.class::isInstance).map(found -> ((SshKey) found).privateKey());
        return SshCommand.of(context.environment(), user(), key);
    }

    private GitCommand opened(GitCommand command, Optional<VcsCredential> credential)
            throws GitFailure, InterruptedException {
        Map<String, String> variables = new HashMap<>();
        if (address.isHttp()) {
            variables.putAll(networkVariables());
        }
        if (address.isSsh()) {
            sshCommand(credential).ifPresent(value -> variables.put("GIT_SSH_COMMAND", value));
        }
        SecretConfiguration secrets =
                credential.map(found -> SecretConfiguration.of(found, address)).orElse(SecretConfiguration.NONE);
        return command.variables(variables).opening(secrets);
    }

    /** The agent's certificate authorities, unless git's own configuration names others. */
    private Map<String, String> networkVariables() throws GitFailure, InterruptedException {
        Map<String, String> variables = new HashMap<>(context.network().variables());
        boolean ours = variables.containsKey("GIT_SSL_CAINFO")
                && !context.environment().containsKey("GIT_SSL_CAINFO");
        if (ours && user().setsForHttp("sslcainfo")) {
            variables.remove("GIT_SSL_CAINFO");
        }
        return variables;
    }

    private Map<String, String> keys() throws GitFailure, InterruptedException {
        Map<String, String> keys = new HashMap<>();
        if (address.isHttp() && !user().setsForHttp("lowspeedtime")) {
            keys.put("http.lowSpeedLimit", "1");
            keys.put("http.lowSpeedTime", IDLE_SECONDS);
        }
        return keys;
    }

    private UserConfiguration user() throws GitFailure, InterruptedException {
        if (user == null) {
            user = UserConfiguration.read(git);
        }
        return user;
    }
}
