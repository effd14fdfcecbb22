// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;

/**
 * Runs commands that reach one address, with each credential of the chain in turn until one is accepted, and finally
 * with hg's own configuration.
 */
final class HgAccess {

    private static final List<String> REFUSALS = List.of(
            "authorization failed", "authorization required", "http error 401", "http error 403", "http error 404");
    private static final String SSH = "ssh -oBatchMode=yes -oConnectTimeout=30";

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
            CommandResult result = hg.run(directory, limit, secrets(credential), with(arguments, credential));
            if (result.succeeded() || credential.isEmpty() || !isRefusal(result)) {
                return result;
            }
            credentials.refused(address, credential.get());
            credential = credential();
        }
    }

    static boolean isRefusal(CommandResult result) {
        String words = HgProgram.words(result).toLowerCase(Locale.ROOT);
        return REFUSALS.stream().anyMatch(words::contains);
    }

    private Optional<VcsCredential> credential() throws InterruptedException {
        return address.isHttp() || address.isSsh() ? credentials.find(address) : Optional.empty();
    }

    private List<String> with(List<String> arguments, Optional<VcsCredential> credential) {
        List<String> all = new ArrayList<>(arguments);
        if (address.isSsh()) {
            String key = credential
                    .filter(SshKey.class::isInstance)
                    .map(found -> " -oIdentitiesOnly=yes -i "
                            + ShellWords.quote(((SshKey) found).privateKey().toString()))
                    .orElse("");
            all.addAll(List.of("--config", "ui.ssh=" + SSH + key));
        }
        return all;
    }

    /**
     * Bound to host and port, so that hg sends them neither to the target of a redirect nor to a subrepository on
     * another host.
     */
    private Secret secrets(Optional<VcsCredential> credential) {
        if (!address.isHttp() || credential.isEmpty()) {
            return Secret.of("");
        }
        return switch (credential.get()) {
            case UserPassword(String user, Secret password) ->
                Secret.of("[auth]\nagent.prefix = " + address.host() + (address.port() < 0 ? "" : ":" + address.port())
                        + "/\nagent.schemes = " + address.scheme() + "\nagent.username = " + oneLine(user)
                        + "\nagent.password = " + oneLine(password.reveal()) + "\n");
            case BearerToken _, SshKey _ -> Secret.of(""); // hg sends no tokens over http
        };
    }

    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
