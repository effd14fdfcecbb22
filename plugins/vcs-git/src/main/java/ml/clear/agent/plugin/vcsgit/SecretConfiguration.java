// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.LinkedHashMap;
import java.util.Map;
import ml.clear.agent.api.process.SecretFile;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;

/**
 * Git configuration with the secrets for some hosts. git includes it from a file without a name, see {@link SecretFile}, and so
 * do the credential helpers that it names: their answers are in comments of the same file.
 *
 * <p>Helpers and headers are bound to scheme, host and port, so that git offers them neither to the target of a redirect
 * nor to a storage on another host.
 */
record SecretConfiguration(Secret text) {

    static final SecretConfiguration NONE = new SecretConfiguration(Secret.of(""));

    /** The variable from which the helpers know the path of the file. */
    static final String PLACE_VARIABLE = "CLEARML_AGENT_GIT_SECRETS";

    static SecretConfiguration of(VcsCredential credential, RepositoryAddress address) {
        return of(Map.of(address, credential));
    }

    /** The configuration for several addresses; credentials for other protocols than http are left out. */
    static SecretConfiguration of(Map<RepositoryAddress, VcsCredential> credentials) {
        Map<String, String> sections = new LinkedHashMap<>();
        credentials.forEach((address, credential) -> {
            if (address.isHttp()) {
                String place = place(address);
                sections.computeIfAbsent(place, _ -> section(credential, place, sections.size() + 1));
            }
        });
        return new SecretConfiguration(Secret.of(String.join("", sections.values())));
    }

    private static String section(VcsCredential credential, String place, int number) {
        return switch (credential) {
            case UserPassword pair -> forPair(pair, place, number);
            case BearerToken bearer -> forToken(bearer, place);
            case SshKey _ -> "";
        };
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    private static String place(RepositoryAddress address) {
        return address.scheme() + "://" + address.host() + (address.port() < 0 ? "" : ":" + address.port());
    }

    /** The empty helper disables the user's helpers for this host, so that credentials of the chain are tried first. */
    private static String forPair(UserPassword pair, String place, int number) {
        String answer = "# answer " + number + " ";
        String helper = "!f() { test \"$1\" = get && sed -n 's/^" + answer + "//p' \"$" + PLACE_VARIABLE + "\"; }; f";
        return "[credential " + quoted(place) + "]\n\thelper =\n\thelper = " + quoted(helper) + "\n"
                + answer + "username=" + oneLine(pair.user()) + "\n"
                + answer + "password=" + oneLine(pair.password().reveal()) + "\n";
    }

    /** git sends the header to the target of a redirect, too, so redirects are disabled for tokens. */
    private static String forToken(BearerToken bearer, String place) {
        String header = "Authorization: Bearer " + oneLine(bearer.token().reveal());
        return "[http " + quoted(place + "/") + "]\n\textraHeader = " + quoted(header)
                + "\n\tfollowRedirects = false\n";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** git's credential protocol cannot express a line end, so such a password cannot be used. */
    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
