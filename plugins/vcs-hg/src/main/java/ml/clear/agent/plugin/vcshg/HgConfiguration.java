// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;

/**
 * Configuration of hg that opens some hosts. Passwords are bound to scheme, host and port, so that hg sends them neither to the
 * target of a redirect nor to a subrepository on another host.
 *
 * @param text the content of a file of configuration; empty for none
 */
record HgConfiguration(Secret text) {

    static final HgConfiguration NONE = new HgConfiguration(Secret.of(""));

    private static final String SSH = "ssh -oBatchMode=yes -oConnectTimeout=30";

    static HgConfiguration of(RepositoryAddress address, Optional<VcsCredential> credential) {
        return of(Map.of(address, credential));
    }

    /** The configuration for several addresses; all ssh addresses share the key of one of them. */
    static HgConfiguration of(Map<RepositoryAddress, Optional<VcsCredential>> credentials) {
        StringBuilder passwords = new StringBuilder();
        String ssh = "";
        for (Map.Entry<RepositoryAddress, Optional<VcsCredential>> entry : credentials.entrySet()) {
            if (entry.getKey().isSsh() && (ssh.isEmpty() || entry.getValue().isPresent())) {
                ssh = "[ui]\nssh = " + SSH
                        + entry.getValue().map(HgConfiguration::key).orElse("") + "\n";
            } else if (entry.getKey().isHttp()) {
                entry.getValue()
                        .ifPresent(credential ->
                                passwords.append(password(entry.getKey(), credential, passwords.length())));
            }
        }
        return new HgConfiguration(Secret.of(ssh + (passwords.isEmpty() ? "" : "[auth]\n" + passwords)));
    }

    private static String key(VcsCredential credential) {
        return credential instanceof SshKey key
                ? " -oIdentitiesOnly=yes -i "
                        + ShellWords.quote(key.privateKey().toString())
                : "";
    }

    private static String password(RepositoryAddress address, VcsCredential credential, int number) {
        return switch (credential) {
            case UserPassword(String user, Secret password) -> {
                String group = "agent" + number;
                yield group + ".prefix = " + address.host() + (address.port() < 0 ? "" : ":" + address.port()) + "/\n"
                        + group + ".schemes = " + address.scheme() + "\n"
                        + group + ".username = " + oneLine(user) + "\n"
                        + group + ".password = " + oneLine(password.reveal()) + "\n";
            }
            case BearerToken _, SshKey _ -> ""; // hg sends no tokens over http
        };
    }

    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
